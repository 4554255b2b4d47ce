;; Writes the lines of a batch as src/flowlogs/line-page.ts tells, which lays out this memory: a table of octets from 0 (eight bytes each:
;; digits and a dot, then at 4 how many they are), places of rows from 2048 (two bytes each), the steps of a line from 4096 (sixteen bytes
;; each: what to do, where its value is in a row, where its table is), the table of IPv6 prefixes' place at 6144, lengths of starts from
;; 6400 and of windows from 7040, windows from 8192 (32 bytes each), rows from 28672 (128 bytes each), lines from 159744, tables behind
;; them. An entry of a table is two words: where a text is, and its length. What a step writes may be followed by up to 31 bytes of
;; no meaning, which the next one writes over.
(module
  (memory (export "memory") 16 16)

  ;; Eight decimal digits of a number below 10^8 as bytes, the first one lowest: by twos and fours, without a branch.
  (func $digits (param $value i32) (result i64)
    (local $top i32) (local $x i64) (local $y i64)
    (local.set $top (i32.wrap_i64 (i64.shr_u
      (i64.mul (i64.extend_i32_u (local.get $value)) (i64.const 109951163)) (i64.const 40))))
    (local.set $x (i64.or
      (i64.extend_i32_u (local.get $top))
      (i64.shl
        (i64.extend_i32_u (i32.sub (local.get $value) (i32.mul (local.get $top) (i32.const 10000))))
        (i64.const 32))))
    (local.set $y (i64.and
      (i64.shr_u (i64.mul (local.get $x) (i64.const 10486)) (i64.const 20)) (i64.const 0x0000007f0000007f)))
    (local.set $x (i64.or
      (i64.shl (i64.sub (local.get $x) (i64.mul (local.get $y) (i64.const 100))) (i64.const 16)) (local.get $y)))
    (local.set $y (i64.and
      (i64.shr_u (i64.mul (local.get $x) (i64.const 103)) (i64.const 10)) (i64.const 0x000f000f000f000f)))
    (i64.or (i64.shl (i64.sub (local.get $x) (i64.mul (local.get $y) (i64.const 10))) (i64.const 8)) (local.get $y)))

  ;; A number below 10^8 and a space.
  (func $small (param $to i32) (param $value i32) (result i32)
    (local $digits i64) (local $zeros i64)
    (local.set $digits (call $digits (local.get $value)))
    ;; Bits of the zeros in front; the last digit stands, whatever it is.
    (local.set $zeros (i64.and
      (i64.ctz (i64.or (local.get $digits) (i64.const 0x0100000000000000))) (i64.const 0x38)))
    (i64.store (local.get $to) (i64.or
      (i64.shr_u (local.get $digits) (local.get $zeros)) (i64.const 0x3030303030303030)))
    (local.set $to (i32.add (local.get $to) (i32.sub
      (i32.const 8) (i32.wrap_i64 (i64.shr_u (local.get $zeros) (i64.const 3))))))
    (i32.store8 (local.get $to) (i32.const 0x20))
    (i32.add (local.get $to) (i32.const 1)))

  ;; A number below 10^16 and a space.
  (func $large (param $to i32) (param $value i64) (result i32)
    (local $top i64)
    (local.set $top (i64.div_u (local.get $value) (i64.const 100000000)))
    (local.set $to (i32.sub (call $small (local.get $to) (i32.wrap_i64 (local.get $top))) (i32.const 1)))
    (i64.store (local.get $to) (i64.or
      (call $digits (i32.wrap_i64 (i64.sub (local.get $value) (i64.mul (local.get $top) (i64.const 100000000)))))
      (i64.const 0x3030303030303030)))
    (i32.store8 offset=8 (local.get $to) (i32.const 0x20))
    (i32.add (local.get $to) (i32.const 9)))

  (func $number (param $to i32) (param $value i32) (result i32)
    (if (i32.ge_u (local.get $value) (i32.const 100000000))
      (then (return (call $large (local.get $to) (i64.extend_i32_u (local.get $value))))))
    (call $small (local.get $to) (local.get $value)))

  ;; What AWS does not tell is below zero.
  (func $bytes (param $to i32) (param $value f64) (result i32)
    (if (f64.lt (local.get $value) (f64.const 0)) (then
      (i32.store16 (local.get $to) (i32.const 0x202d))
      (return (i32.add (local.get $to) (i32.const 2)))))
    (if (f64.ge (local.get $value) (f64.const 100000000))
      (then (return (call $large (local.get $to) (i64.trunc_f64_u (local.get $value))))))
    (call $small (local.get $to) (i32.trunc_f64_u (local.get $value))))

  (func $text (param $to i32) (param $entry i32) (result i32)
    (local $from i32) (local $left i32)
    (local.set $from (i32.load (local.get $entry)))
    (local.set $left (i32.load offset=4 (local.get $entry)))
    (loop $next
      (v128.store align=1 (local.get $to) (v128.load align=1 (local.get $from)))
      (if (i32.gt_s (local.get $left) (i32.const 16)) (then
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (local.set $left (i32.sub (local.get $left) (i32.const 16)))
        (br $next))))
    (i32.add (local.get $to) (local.get $left)))

  (func $octet (param $to i32) (param $entry i32) (result i32)
    (i32.store (local.get $to) (i32.load (local.get $entry)))
    (i32.add (local.get $to) (i32.load8_u offset=4 (local.get $entry))))

  ;; IPv4 below 2^32, IPv6 above: src/flowlogs/addresses.ts.
  (func $address (param $to i32) (param $value f64) (result i32)
    (local $bits i32)
    (if (f64.ge (local.get $value) (f64.const 4294967296))
      (then (return (call $ipv6 (local.get $to) (i64.trunc_f64_u (local.get $value))))))
    (local.set $bits (i32.trunc_f64_u (local.get $value)))
    (local.set $to (call $octet (local.get $to)
      (i32.shl (i32.shr_u (local.get $bits) (i32.const 24)) (i32.const 3))))
    (local.set $to (call $octet (local.get $to)
      (i32.and (i32.shr_u (local.get $bits) (i32.const 13)) (i32.const 0x7f8))))
    (local.set $to (call $octet (local.get $to)
      (i32.and (i32.shr_u (local.get $bits) (i32.const 5)) (i32.const 0x7f8))))
    (local.set $to (call $octet (local.get $to)
      (i32.and (i32.shl (local.get $bits) (i32.const 3)) (i32.const 0x7f8))))
    (i32.store8 (i32.sub (local.get $to) (i32.const 1)) (i32.const 0x20))
    (local.get $to))

  (func $ipv6 (param $to i32) (param $value i64) (result i32)
    (local $host i32) (local $word i32)
    (local.set $host (i32.wrap_i64 (local.get $value)))
    (local.set $to (call $text (local.get $to) (i32.add
      (i32.load (i32.const 6144))
      (i32.shl (i32.sub (i32.wrap_i64 (i64.shr_u (local.get $value) (i64.const 32))) (i32.const 1)) (i32.const 3)))))
    (if (i32.lt_u (local.get $host) (i32.const 0x10000))
      (then
        (i32.store8 (local.get $to) (i32.const 0x3a))
        (local.set $to (call $group (i32.add (local.get $to) (i32.const 1)) (local.get $host))))
      (else
        (local.set $word (call $mix (local.get $host) (i32.const 1)))
        (local.set $to (call $notZero (local.get $to) (i32.shr_u (local.get $word) (i32.const 16))))
        (local.set $to (call $notZero (local.get $to) (i32.and (local.get $word) (i32.const 0xffff))))
        (local.set $word (call $mix (local.get $host) (i32.const 2)))
        (local.set $to (call $notZero (local.get $to) (i32.shr_u (local.get $word) (i32.const 16))))
        (local.set $to (call $notZero (local.get $to) (i32.and (local.get $word) (i32.const 0xffff))))))
    (i32.store8 (i32.sub (local.get $to) (i32.const 1)) (i32.const 0x20))
    (local.get $to))

  (func $notZero (param $to i32) (param $group i32) (result i32)
    (call $group (local.get $to) (select (local.get $group) (i32.const 1) (local.get $group))))

  ;; Hex digits without zeros in front, and a colon.
  (func $group (param $to i32) (param $group i32) (result i32)
    (local $shift i32) (local $digit i32)
    ;; Four times the digits behind the first one.
    (local.set $shift (i32.and
      (i32.sub (i32.const 31) (i32.clz (i32.or (local.get $group) (i32.const 1)))) (i32.const 0x1c)))
    (loop $next
      (local.set $digit (i32.and (i32.shr_u (local.get $group) (local.get $shift)) (i32.const 15)))
      (i32.store8 (local.get $to) (i32.add
        (local.get $digit)
        (select (i32.const 0x30) (i32.const 0x57) (i32.lt_u (local.get $digit) (i32.const 10)))))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (local.set $shift (i32.sub (local.get $shift) (i32.const 4)))
      (br_if $next (i32.ge_s (local.get $shift) (i32.const 0))))
    (i32.store8 (local.get $to) (i32.const 0x3a))
    (i32.add (local.get $to) (i32.const 1)))

  ;; src/core/random.ts: mix32.
  (func $mix (param $a i32) (param $b i32) (result i32)
    (local $h i32)
    (local.set $h (i32.xor
      (i32.mul (i32.xor (local.get $a) (i32.const 0x9e3779b9)) (i32.const 0x85ebca6b))
      (i32.mul (i32.add (local.get $b) (i32.const 0x7f4a7c15)) (i32.const 0xc2b2ae35))))
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))) (i32.const 0x85ebca6b)))
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 13))) (i32.const 0xc2b2ae35)))
    (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))))

  (func $window (param $row i32) (result i32)
    (i32.add (i32.const 8192) (i32.shl (i32.load offset=28 (local.get $row)) (i32.const 5))))

  (func $startLength (param $row i32) (result i32)
    (i32.load8_u offset=6400 (i32.load offset=28 (local.get $row))))

  (func $windowLength (param $row i32) (result i32)
    (i32.load8_u offset=7040 (i32.load offset=28 (local.get $row))))

  ;; Copies 32 bytes: no window has more.
  (func $copy (param $to i32) (param $from i32)
    (v128.store align=1 (local.get $to) (v128.load align=1 (local.get $from)))
    (v128.store offset=16 align=1 (local.get $to) (v128.load offset=16 align=1 (local.get $from))))

  ;; Source and destination addresses and ports, protocol, packets and bytes.
  (func $ends (param $to i32) (param $row i32) (result i32)
    (local.set $to (call $address (local.get $to) (f64.load (local.get $row))))
    (local.set $to (call $address (local.get $to) (f64.load offset=8 (local.get $row))))
    (local.set $to (call $small (local.get $to) (i32.load offset=32 (local.get $row))))
    (local.set $to (call $small (local.get $to) (i32.load offset=36 (local.get $row))))
    (local.set $to (call $small (local.get $to) (i32.load offset=40 (local.get $row))))
    (local.set $to (call $number (local.get $to) (i32.load offset=44 (local.get $row))))
    (call $bytes (local.get $to) (f64.load offset=16 (local.get $row))))

  (func $line (param $to i32) (param $row i32) (result i32)
    (local $at i32) (local $code i32) (local $value i32) (local $table i32)
    (local.set $at (i32.const 4096))
    (loop $next
      (local.set $code (i32.load (local.get $at)))
      (local.set $value (i32.add (local.get $row) (i32.load offset=4 (local.get $at))))
      (local.set $table (i32.load offset=8 (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (block $done (block $end (block $start (block $bytes (block $address (block $number (block $window (block $ends (block $text
        (br_table $text $ends $window $number $address $bytes $start $end $done (local.get $code)))
        ;; $text
        (local.set $to (call $text (local.get $to) (i32.add
          (local.get $table) (i32.shl (i32.load (local.get $value)) (i32.const 3)))))
        (br $next))
        ;; $ends
        (local.set $to (call $ends (local.get $to) (local.get $row)))
        (br $next))
        ;; $window
        (call $copy (local.get $to) (call $window (local.get $row)))
        (local.set $to (i32.add (local.get $to) (call $windowLength (local.get $row))))
        (br $next))
        ;; $number
        (local.set $to (call $number (local.get $to) (i32.load (local.get $value))))
        (br $next))
        ;; $address
        (local.set $to (call $address (local.get $to) (f64.load (local.get $value))))
        (br $next))
        ;; $bytes
        (local.set $to (call $bytes (local.get $to) (f64.load (local.get $value))))
        (br $next))
        ;; $start
        (call $copy (local.get $to) (call $window (local.get $row)))
        (local.set $to (i32.add (local.get $to) (call $startLength (local.get $row))))
        (br $next))
        ;; $end
        (call $copy (local.get $to) (i32.add (call $window (local.get $row)) (call $startLength (local.get $row))))
        (local.set $to (i32.add (local.get $to)
          (i32.sub (call $windowLength (local.get $row)) (call $startLength (local.get $row)))))
        (br $next)))
    ;; The last space is the line's end.
    (i32.store8 (i32.sub (local.get $to) (i32.const 1)) (i32.const 0x0a))
    (local.get $to))

  ;; Writes the lines of $count rows, in the order of their places; answers where they end.
  (func (export "write") (param $count i32) (result i32)
    (local $at i32) (local $last i32) (local $to i32)
    (local.set $to (i32.const 159744))
    (local.set $at (i32.const 2048))
    (local.set $last (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 1))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $last)))
        (local.set $to (call $line (local.get $to) (i32.add
          (i32.const 28672) (i32.shl (i32.load16_u (local.get $at)) (i32.const 7)))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (br $next)))
    (local.get $to)))
