;; Reads a line as src/oracle/reading/plain-line.ts tells: whether it is its own canonical form, where its spaces are, and its fingerprint, sixteen
;; bytes a step. The lanes of the fingerprint are those of src/oracle/reading/fingerprint.ts.
;; Memory: masks of spaces from 0 (one bit a byte), the fingerprint's words at 128 and 132, lines from 256 on. Of many lines: a page further
;; where each begins and ends, 4 KiB from there their fingerprints, then where spaces of one line are, then the key and what is usual.
(module
  (memory (export "memory") 2 2)

  ;; Words of a fingerprint are stirred before they meet the lanes.
  (func $stir (param $word i32) (result i32)
    (local.set $word (i32.mul (local.get $word) (i32.const 0xcc9e2d51)))
    (i32.xor (local.get $word) (i32.shr_u (local.get $word) (i32.const 15))))

  (func $stirAll (param $words v128) (result v128)
    (local.set $words (i32x4.mul (local.get $words) (i32x4.splat (i32.const 0xcc9e2d51))))
    (v128.xor (local.get $words) (i32x4.shr_u (local.get $words) (i32.const 15))))

  (func $high (param $lane i32) (param $word i32) (result i32)
    (i32.mul (i32.xor (i32.rotl (local.get $lane) (i32.const 5)) (local.get $word)) (i32.const 0x1b873593)))

  (func $low (param $lane i32) (param $word i32) (result i32)
    (i32.mul (i32.add (i32.rotl (local.get $lane) (i32.const 11)) (local.get $word)) (i32.const 0x239b961b)))

  ;; MurmurHash3's finalizer over one lane, with the other one stirred in.
  (func $finish (param $lane i32) (param $other i32) (result i32)
    (local $h i32)
    (local.set $h (i32.add (local.get $lane) (i32.mul (local.get $other) (i32.const 0x9e3779b1))))
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))) (i32.const 0x85ebca6b)))
    (local.set $h (i32.mul (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 13))) (i32.const 0xc2b2ae35)))
    (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 16))))

  ;; 1 for each byte that is no printable ASCII.
  (func $strange (param $bytes v128) (result i32)
    (i8x16.bitmask (i8x16.gt_u
      (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x20))) (i8x16.splat (i32.const 0x5e)))))

  (func $spaces (param $bytes v128) (result i32)
    (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x20)))))

  ;; Where the next line feed is; there must be one.
  (func (export "lineEnd") (param $at i32) (result i32)
    (local $found i32)
    (loop $next
      (local.set $found
        (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $at)) (i8x16.splat (i32.const 0x0a)))))
      (if (local.get $found) (then (return (i32.add (local.get $at) (i32.ctz (local.get $found))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; Where each space of the line read last is, from the line's beginning, as words from 73728 on. There are $count of them.
  (func $locate (param $count i32)
    (local $masks i64) (local $word i32) (local $to i32) (local $last i32)
    (local.set $to (i32.const 73728))
    (local.set $last (i32.add (local.get $to) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $masks (i64.load (i32.const 0)))
    (block $located
      (loop $next
        (br_if $located (i32.ge_u (local.get $to) (local.get $last)))
        (block $here
          (loop $empty
            (br_if $here (i64.ne (local.get $masks) (i64.const 0)))
            (local.set $word (i32.add (local.get $word) (i32.const 8)))
            (local.set $masks (i64.load (local.get $word)))
            (br $empty)))
        (i32.store (local.get $to) (i32.add
          (i32.shl (local.get $word) (i32.const 3)) (i32.wrap_i64 (i64.ctz (local.get $masks)))))
        (local.set $masks (i64.and (local.get $masks) (i64.sub (local.get $masks) (i64.const 1))))
        (local.set $to (i32.add (local.get $to) (i32.const 4)))
        (br $next))))

  ;; 1 where a time of the line is longer than eleven digits, or a protocol is no number. From 75792 on stand the times' tokens, up to
  ;; $times, then those of protocols, up to $protocols: offsets into what $locate writes, of the space before each.
  (func $isRare (param $start i32) (param $times i32) (param $protocols i32) (result i32)
    (local $at i32) (local $space i32) (local $rare i32)
    (local.set $at (i32.const 75792))
    (block $timed
      (loop $next
        (br_if $timed (i32.ge_u (local.get $at) (local.get $times)))
        (local.set $space (i32.load (local.get $at)))
        (local.set $rare (i32.or (local.get $rare) (i32.gt_s
          (i32.sub (i32.load offset=4 (local.get $space)) (i32.load (local.get $space))) (i32.const 12))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (block $looked
      (loop $next
        (br_if $looked (i32.ge_u (local.get $at) (local.get $protocols)))
        (local.set $space (i32.load (local.get $at)))
        (local.set $rare (i32.or (local.get $rare) (i32.gt_u
          (i32.load8_u offset=1 (i32.add (local.get $start) (i32.load (local.get $space)))) (i32.const 0x39))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    (local.get $rare))

  ;; Reads $count lines, whose beginnings and ends from 65536 on count from $base, and leaves their fingerprints from 69632 on. From 75776
  ;; on stand the key, how many tokens a usual line has, and the byte that a header begins with. Lines that are not usual get a
  ;; beginning of -1: those with other tokens, that byte, or rare values. How many these are is answered.
  (func (export "readAll")
    (param $count i32) (param $base i32) (param $times i32) (param $protocols i32) (result i32)
    (local $at i32) (local $last i32) (local $start i32) (local $end i32) (local $strange i32) (local $rare i32)
    (local $tokens i32) (local $header i32)
    (local.set $tokens (i32.load (i32.const 75784)))
    (local.set $header (i32.load (i32.const 75788)))
    (call $takeAll (local.get $count) (local.get $base))
    (local.set $at (i32.const 65536))
    (local.set $last (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 3))))
    ;; As if a space stood before the line.
    (i32.store (i32.const 73724) (i32.const -1))
    (block $read
      (loop $next
        (br_if $read (i32.ge_u (local.get $at) (local.get $last)))
        (local.set $start (i32.add (local.get $base) (i32.load (local.get $at))))
        (local.set $end (i32.add (local.get $base) (i32.load offset=4 (local.get $at))))
        (local.set $rare (i32.const 1))
        (if (i32.eq (local.get $tokens) (call $scan (local.get $start) (local.get $end)))
          (then
            ;; The line's end is a space behind its last value.
            (call $locate (i32.sub (local.get $tokens) (i32.const 1)))
            (i32.store offset=73724 (i32.shl (local.get $tokens) (i32.const 2)) (i32.sub (local.get $end) (local.get $start)))
            (local.set $rare (i32.or
              (i32.eq (i32.load8_u (local.get $start)) (local.get $header))
              (call $isRare (local.get $start) (local.get $times) (local.get $protocols))))))
        (if (local.get $rare) (then
          (i32.store (local.get $at) (i32.const -1))
          (local.set $strange (i32.add (local.get $strange) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next)))
    (local.get $strange))

  ;; The fingerprints of all lines, two at a time: each step of one waits for the step before, and meanwhile the other one's is done.
  (func $takeAll (param $count i32) (param $base i32)
    (local $at i32) (local $last i32) (local $one i32) (local $other i32) (local $whole i32)
    (local $keyA i32) (local $keyB i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $oneStart i32) (local $oneEnd i32) (local $otherStart i32) (local $otherEnd i32)
    (local $stirred v128) (local $otherStirred v128) (local $word i32)
    (local.set $keyA (i32.load (i32.const 75776)))
    (local.set $keyB (i32.load (i32.const 75780)))
    (local.set $at (i32.const 65536))
    (local.set $last (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 3))))
    (block $taken
      (loop $next
        (br_if $taken (i32.ge_u (local.get $at) (local.get $last)))
        (local.set $oneStart (i32.add (local.get $base) (i32.load (local.get $at))))
        (local.set $oneEnd (i32.add (local.get $base) (i32.load offset=4 (local.get $at))))
        (local.set $otherStart (local.get $oneStart))
        (local.set $otherEnd (local.get $oneEnd))
        (if (i32.lt_u (i32.add (local.get $at) (i32.const 8)) (local.get $last)) (then
          (local.set $otherStart (i32.add (local.get $base) (i32.load offset=8 (local.get $at))))
          (local.set $otherEnd (i32.add (local.get $base) (i32.load offset=12 (local.get $at))))))
        (local.set $a (local.get $keyA))
        (local.set $b (local.get $keyB))
        (local.set $c (local.get $keyA))
        (local.set $d (local.get $keyB))
        (local.set $one (local.get $oneStart))
        (local.set $other (local.get $otherStart))
        ;; As far as both have sixteen bytes.
        (local.set $whole (i32.sub (local.get $oneEnd) (local.get $oneStart)))
        (local.set $word (i32.sub (local.get $otherEnd) (local.get $otherStart)))
        (local.set $whole (i32.sub (i32.add (local.get $one)
          (select (local.get $whole) (local.get $word) (i32.lt_s (local.get $whole) (local.get $word)))) (i32.const 15)))
        (block $both
          (loop $step
            (br_if $both (i32.ge_s (local.get $one) (local.get $whole)))
            (local.set $stirred (call $stirAll (v128.load align=1 (local.get $one))))
            (local.set $otherStirred (call $stirAll (v128.load align=1 (local.get $other))))
            (local.set $word (i32x4.extract_lane 0 (local.get $stirred)))
            (local.set $a (call $high (local.get $a) (local.get $word)))
            (local.set $b (call $low (local.get $b) (local.get $word)))
            (local.set $word (i32x4.extract_lane 0 (local.get $otherStirred)))
            (local.set $c (call $high (local.get $c) (local.get $word)))
            (local.set $d (call $low (local.get $d) (local.get $word)))
            (local.set $word (i32x4.extract_lane 1 (local.get $stirred)))
            (local.set $a (call $high (local.get $a) (local.get $word)))
            (local.set $b (call $low (local.get $b) (local.get $word)))
            (local.set $word (i32x4.extract_lane 1 (local.get $otherStirred)))
            (local.set $c (call $high (local.get $c) (local.get $word)))
            (local.set $d (call $low (local.get $d) (local.get $word)))
            (local.set $word (i32x4.extract_lane 2 (local.get $stirred)))
            (local.set $a (call $high (local.get $a) (local.get $word)))
            (local.set $b (call $low (local.get $b) (local.get $word)))
            (local.set $word (i32x4.extract_lane 2 (local.get $otherStirred)))
            (local.set $c (call $high (local.get $c) (local.get $word)))
            (local.set $d (call $low (local.get $d) (local.get $word)))
            (local.set $word (i32x4.extract_lane 3 (local.get $stirred)))
            (local.set $a (call $high (local.get $a) (local.get $word)))
            (local.set $b (call $low (local.get $b) (local.get $word)))
            (local.set $word (i32x4.extract_lane 3 (local.get $otherStirred)))
            (local.set $c (call $high (local.get $c) (local.get $word)))
            (local.set $d (call $low (local.get $d) (local.get $word)))
            (local.set $one (i32.add (local.get $one) (i32.const 16)))
            (local.set $other (i32.add (local.get $other) (i32.const 16)))
            (br $step)))
        (call $take (local.get $oneStart) (local.get $one) (local.get $oneEnd)
          (local.get $a) (local.get $b) (i32.add (local.get $at) (i32.const 4096)))
        (call $take (local.get $otherStart) (local.get $other) (local.get $otherEnd)
          (local.get $c) (local.get $d) (i32.add (local.get $at) (i32.const 4104)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  (func (export "read") (param $start i32) (param $end i32) (param $a i32) (param $b i32) (result i32)
    (local $count i32)
    (local.set $count (call $scan (local.get $start) (local.get $end)))
    (if (local.get $count) (then
      (call $take (local.get $start) (local.get $start) (local.get $end) (local.get $a) (local.get $b) (i32.const 128))))
    (local.get $count))

  ;; The number of tokens of the line from $start to $end, or 0 where it is not its own canonical form; and where its spaces are.
  (func $scan (param $start i32) (param $end i32) (result i32)
    (local $at i32) (local $whole i32) (local $bytes v128)
    (local $spaces i32) (local $before i32) (local $faults i32) (local $count i32) (local $mask i32) (local $valid i32)
    (local.set $at (local.get $start))
    ;; As if a space stood before the line: one at its beginning is then a second one.
    (local.set $before (i32.const 1))
    (local.set $whole (i32.sub (local.get $end) (i32.const 15)))
    (block $read
      (loop $next
        (br_if $read (i32.ge_s (local.get $at) (local.get $whole)))
        (local.set $bytes (v128.load align=1 (local.get $at)))
        (local.set $spaces (call $spaces (local.get $bytes)))
        (local.set $faults (i32.or (local.get $faults) (i32.or
          (call $strange (local.get $bytes))
          (i32.and (local.get $spaces) (i32.or (i32.shl (local.get $spaces) (i32.const 1)) (local.get $before))))))
        (local.set $before (i32.shr_u (local.get $spaces) (i32.const 15)))
        (local.set $count (i32.add (local.get $count) (i32.popcnt (local.get $spaces))))
        (i32.store16 (local.get $mask) (local.get $spaces))
        (local.set $mask (i32.add (local.get $mask) (i32.const 2)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    ;; What is left are fewer than sixteen bytes: those behind the end do not count.
    (local.set $bytes (v128.load align=1 (local.get $at)))
    (local.set $valid (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $at))) (i32.const 1)))
    (local.set $spaces (i32.and (call $spaces (local.get $bytes)) (local.get $valid)))
    (local.set $faults (i32.or (local.get $faults) (i32.or
      (i32.and (call $strange (local.get $bytes)) (local.get $valid))
      (i32.and (local.get $spaces) (i32.or (i32.shl (local.get $spaces) (i32.const 1)) (local.get $before))))))
    (local.set $count (i32.add (local.get $count) (i32.popcnt (local.get $spaces))))
    ;; The mask behind it is emptied, for who reads two at a time.
    (i32.store align=2 (local.get $mask) (local.get $spaces))
    (if (i32.or
          (i32.or (i32.ne (local.get $faults) (i32.const 0)) (i32.ge_s (local.get $start) (local.get $end)))
          (i32.eq (i32.load8_u (i32.sub (local.get $end) (i32.const 1))) (i32.const 0x20)))
      (then (return (i32.const 0))))
    (i32.add (local.get $count) (i32.const 1)))

  ;; The rest of a fingerprint, from $at on, for the line from $start to $end: its words are put at $to.
  (func $take (param $start i32) (param $at i32) (param $end i32) (param $a i32) (param $b i32) (param $to i32)
    (local $whole i32) (local $stirred v128) (local $word i32) (local $valid i32)
    (local.set $whole (i32.sub (local.get $end) (i32.const 15)))
    (block $read
      (loop $next
        (br_if $read (i32.ge_s (local.get $at) (local.get $whole)))
        (local.set $stirred (call $stirAll (v128.load align=1 (local.get $at))))
        (local.set $word (i32x4.extract_lane 0 (local.get $stirred)))
        (local.set $a (call $high (local.get $a) (local.get $word)))
        (local.set $b (call $low (local.get $b) (local.get $word)))
        (local.set $word (i32x4.extract_lane 1 (local.get $stirred)))
        (local.set $a (call $high (local.get $a) (local.get $word)))
        (local.set $b (call $low (local.get $b) (local.get $word)))
        (local.set $word (i32x4.extract_lane 2 (local.get $stirred)))
        (local.set $a (call $high (local.get $a) (local.get $word)))
        (local.set $b (call $low (local.get $b) (local.get $word)))
        (local.set $word (i32x4.extract_lane 3 (local.get $stirred)))
        (local.set $a (call $high (local.get $a) (local.get $word)))
        (local.set $b (call $low (local.get $b) (local.get $word)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (local.set $whole (i32.sub (local.get $end) (i32.const 3)))
    (block $read
      (loop $next
        (br_if $read (i32.ge_s (local.get $at) (local.get $whole)))
        (local.set $word (call $stir (i32.load align=1 (local.get $at))))
        (local.set $a (call $high (local.get $a) (local.get $word)))
        (local.set $b (call $low (local.get $b) (local.get $word)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $next)))
    ;; Fewer than four bytes are a word with zeros above them.
    (local.set $valid (i32.sub
      (i32.shl (i32.const 1) (i32.shl (i32.sub (local.get $end) (local.get $at)) (i32.const 3))) (i32.const 1)))
    (local.set $word (call $stir (i32.and (i32.load align=1 (local.get $at)) (local.get $valid))))
    (local.set $at (i32.sub (local.get $end) (local.get $start)))
    (local.set $a (i32.xor (call $high (local.get $a) (local.get $word)) (local.get $at)))
    (local.set $b (i32.xor (call $low (local.get $b) (local.get $word)) (local.get $at)))
    (local.set $a (call $finish (local.get $a) (local.get $b)))
    (i32.store (local.get $to) (local.get $a))
    (i32.store offset=4 (local.get $to) (call $finish (local.get $b) (local.get $a)))))
