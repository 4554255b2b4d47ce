;; Bytes of bodies, read by many at a time: what src/sink/decode/usual-records.ts and src/sink/checksum.ts tell.
;; Memory: powers of ten at 0 (twenty words of 64 bits), lanes of a checksum at 192, steps of a template from 320 on (address and length of a
;; literal, what follows it), its literals from 8192 on, 64 KiB of a body that was put there from 16384 on, whole bodies from 131072 on, 32 MiB
;; of them. Some bytes behind the end are read, but say nothing.
(module
  (memory (export "memory") 515 515)
  (data (i32.const 0)
    "\01\00\00\00\00\00\00\00\0a\00\00\00\00\00\00\00\64\00\00\00\00\00\00\00\e8\03\00\00\00\00\00\00"
    "\10\27\00\00\00\00\00\00\a0\86\01\00\00\00\00\00\40\42\0f\00\00\00\00\00\80\96\98\00\00\00\00\00"
    "\00\e1\f5\05\00\00\00\00\00\ca\9a\3b\00\00\00\00\00\e4\0b\54\02\00\00\00\00\e8\76\48\17\00\00\00"
    "\00\10\a5\d4\e8\00\00\00\00\a0\72\4e\18\09\00\00\00\40\7a\10\f3\5a\00\00\00\80\c6\a4\7e\8d\03\00"
    "\00\00\c1\6f\f2\86\23\00\00\00\8a\5d\78\45\63\01\00\00\64\a7\b3\b6\e0\0d\00\00\e8\89\04\23\c7\8a")
  ;; Records that the last call stepped over.
  (global $count (export "count") (mut i32) (i32.const 0))

  ;; Steps over records of JSON that are as the template says, up to the first that is not or is not whole; answers where that begins.
  ;; What follows a literal: 0 the next record, 1 a text, 2 an integer, 3 a time of any unit by its digits, 4 a time in nanoseconds.
  (func (export "json") (param $start i32) (param $end i32) (param $oldest i64) (result i32)
    (local $at i32) (local $step i32) (local $kind i32) (local $length i32) (local $first i32) (local $digit i32)
    (local $value i64) (local $word i64) (local $bytes v128) (local $literal i32) (local $differs i32)
    (local $a v128) (local $b v128)
    (global.set $count (i32.const 0))
    (loop $record
      (local.set $at (local.get $start))
      (local.set $step (i32.const 320))
      (loop $next
        ;; The literal, sixteen bytes at a time.
        (local.set $literal (i32.load (local.get $step)))
        (local.set $length (i32.load offset=4 (local.get $step)))
        (block $isLast
          (loop $sixteen
            (local.set $differs (i32.xor (i32.const 0xffff) (i8x16.bitmask
              (i8x16.eq (v128.load align=1 (local.get $at)) (v128.load align=1 (local.get $literal))))))
            (br_if $isLast (i32.le_s (local.get $length) (i32.const 16)))
            (if (local.get $differs) (then (return (local.get $start))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (local.set $literal (i32.add (local.get $literal) (i32.const 16)))
            (local.set $length (i32.sub (local.get $length) (i32.const 16)))
            (br $sixteen)))
        (if (i32.and (local.get $differs) (i32.load offset=12 (local.get $step))) (then (return (local.get $start))))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        (local.set $kind (i32.load offset=8 (local.get $step)))
        (local.set $step (i32.add (local.get $step) (i32.const 16)))
        (if (i32.eqz (local.get $kind)) (then
          (if (i32.gt_s (local.get $at) (local.get $end)) (then (return (local.get $start))))
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (local.set $start (local.get $at))
          (br $record)))
        ;; A text, up to a quote, a backslash, a control or no ASCII, 32 bytes at a time.
        (if (i32.eq (local.get $kind) (i32.const 1)) (then
          (loop $text
            (local.set $a (v128.or
              (i8x16.lt_s (local.tee $bytes (v128.load align=1 (local.get $at))) (i8x16.splat (i32.const 0x20)))
              (v128.or
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c))))))
            (local.set $b (v128.or
              (i8x16.lt_s (local.tee $bytes (v128.load offset=16 align=1 (local.get $at))) (i8x16.splat (i32.const 0x20)))
              (v128.or
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c))))))
            (local.set $differs (i32.or (i8x16.bitmask (local.get $a)) (i32.shl (i8x16.bitmask (local.get $b)) (i32.const 16))))
            (if (local.get $differs) (then
              (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $differs))))
              (br $next)))
            (local.set $at (i32.add (local.get $at) (i32.const 32)))
            (br_if $text (i32.lt_s (local.get $at) (local.get $end))))
          (return (local.get $start))))
        ;; Digits without a zero before others: what they end at is for the next literal to say.
        (local.set $first (local.get $at))
        (local.set $value (i64.const 0))
        (block $read
          ;; Eight at a time: no byte is above nine, then pairs, fours and all of them are put together.
          (loop $eight
            (local.set $word (i64.xor (i64.load align=1 (local.get $at)) (i64.const 0x3030303030303030)))
            (if (i64.eqz (i64.and
                  (i64.or (local.get $word) (i64.add (local.get $word) (i64.const 0x7676767676767676)))
                  (i64.const 0x8080808080808080)))
              (then
                (local.set $word (i64.shr_u (i64.mul (local.get $word) (i64.const 2561)) (i64.const 8)))
                (local.set $word (i64.shr_u
                  (i64.mul (i64.and (local.get $word) (i64.const 0x00ff00ff00ff00ff)) (i64.const 6553601)) (i64.const 16)))
                (local.set $word (i64.shr_u
                  (i64.mul (i64.and (local.get $word) (i64.const 0x0000ffff0000ffff)) (i64.const 42949672960001))
                  (i64.const 32)))
                (local.set $value (i64.add (i64.mul (local.get $value) (i64.const 100000000)) (local.get $word)))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br_if $eight (i32.le_s (i32.sub (local.get $at) (local.get $first)) (i32.const 16))))))
          (loop $digits
            (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
            (br_if $read (i32.gt_u (local.get $digit) (i32.const 9)))
            (local.set $value
              (i64.add (i64.mul (local.get $value) (i64.const 10)) (i64.extend_i32_u (local.get $digit))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $digits (i32.le_s (i32.sub (local.get $at) (local.get $first)) (i32.const 19)))))
        (local.set $length (i32.sub (local.get $at) (local.get $first)))
        (if (i32.or
              (i32.eqz (local.get $length))
              (i32.and
                (i32.gt_s (local.get $length) (i32.const 1))
                (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))))
          (then (return (local.get $start))))
        (if (i32.eq (local.get $kind) (i32.const 2))
          (then
            (if (i32.gt_s (local.get $length) (i32.const 15)) (then (return (local.get $start)))))
          (else
            (if (i32.gt_s (local.get $length) (i32.const 19)) (then (return (local.get $start))))
            (if (i32.eq (local.get $kind) (i32.const 3)) (then
              (local.set $value (i64.mul (local.get $value)
                (i64.load (i32.shl (i32.sub (i32.const 19) (local.get $length)) (i32.const 3)))))))
            ;; Past 2^63 it is negative, and left to others.
            (if (i64.lt_s (local.get $value) (local.get $oldest)) (then (return (local.get $start))))))
        (br $next)))
    (unreachable))

  ;; Steps over log records of protobuf that are a time, a text as the body and attributes of texts and integers, each as short as it
  ;; usually is and as it usually stands; answers where the first other one begins, or one that is not whole.
  (func (export "protobuf") (param $start i32) (param $end i32) (param $oldest i64) (result i32)
    (local $at i32) (local $last i32) (local $length i32) (local $inner i32) (local $valueEnd i32)
    (global.set $count (i32.const 0))
    (loop $record
      (if (i32.gt_s (i32.add (local.get $start) (i32.const 3)) (local.get $end)) (then (return (local.get $start))))
      (if (i32.ne (i32.load8_u (local.get $start)) (i32.const 0x12)) (then (return (local.get $start))))
      (local.set $length (i32.load8_u offset=1 (local.get $start)))
      (local.set $at (i32.add (local.get $start) (i32.const 2)))
      (if (i32.ge_u (local.get $length) (i32.const 0x80)) (then
        (local.set $last (i32.load8_u (local.get $at)))
        (if (i32.ge_u (local.get $last) (i32.const 0x80)) (then (return (local.get $start))))
        (local.set $length (i32.or (i32.and (local.get $length) (i32.const 0x7f)) (i32.shl (local.get $last) (i32.const 7))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))))
      (local.set $last (i32.add (local.get $at) (local.get $length)))
      (if (i32.gt_s (local.get $last) (local.get $end)) (then (return (local.get $start))))
      ;; time_unix_nano
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x09)) (then
        (if (i64.lt_s (i64.load offset=1 align=1 (local.get $at)) (local.get $oldest)) (then (return (local.get $start))))
        (local.set $at (i32.add (local.get $at) (i32.const 9)))))
      ;; body, an AnyValue whose string_value is all of it
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2a)) (then
        (local.set $length (i32.load8_u offset=1 (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (if (i32.ge_u (local.get $length) (i32.const 0x80)) (then
          (local.set $inner (i32.load8_u (local.get $at)))
          (if (i32.ge_u (local.get $inner) (i32.const 0x80)) (then (return (local.get $start))))
          (local.set $length
            (i32.or (i32.and (local.get $length) (i32.const 0x7f)) (i32.shl (local.get $inner) (i32.const 7))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $valueEnd (i32.add (local.get $at) (local.get $length)))
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x0a)) (then (return (local.get $start))))
        (local.set $length (i32.load8_u offset=1 (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (if (i32.ge_u (local.get $length) (i32.const 0x80)) (then
          (local.set $inner (i32.load8_u (local.get $at)))
          (if (i32.ge_u (local.get $inner) (i32.const 0x80)) (then (return (local.get $start))))
          (local.set $length
            (i32.or (i32.and (local.get $length) (i32.const 0x7f)) (i32.shl (local.get $inner) (i32.const 7))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        (if (i32.ne (local.get $at) (local.get $valueEnd)) (then (return (local.get $start))))))
      (block $done
        (loop $attribute
          (br_if $done (i32.ge_s (local.get $at) (local.get $last)))
          ;; Tag and length of the KeyValue, tag and length of its key.
          (local.set $length (i32.load8_u offset=1 (local.get $at)))
          (if (i32.or (i32.or
                (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x32))
                (i32.ge_u (local.get $length) (i32.const 0x80)))
                (i32.ne (i32.load8_u offset=2 (local.get $at)) (i32.const 0x0a)))
            (then (return (local.get $start))))
          (local.set $valueEnd (i32.add (i32.add (local.get $at) (i32.const 2)) (local.get $length)))
          (local.set $length (i32.load8_u offset=3 (local.get $at)))
          (if (i32.ge_u (local.get $length) (i32.const 0x80)) (then (return (local.get $start))))
          (local.set $at (i32.add (i32.add (local.get $at) (i32.const 4)) (local.get $length)))
          ;; Tag and length of its AnyValue, which ends where the KeyValue does.
          (local.set $length (i32.load8_u offset=1 (local.get $at)))
          (if (i32.or
                (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x12))
                (i32.ne (i32.add (i32.add (local.get $at) (i32.const 2)) (local.get $length)) (local.get $valueEnd)))
            (then (return (local.get $start))))
          (local.set $inner (i32.load8_u offset=2 (local.get $at)))
          (if (i32.eq (local.get $inner) (i32.const 0x0a))
            (then
              ;; string_value
              (if (i32.ne (i32.add (i32.load8_u offset=3 (local.get $at)) (i32.const 2)) (local.get $length))
                (then (return (local.get $start)))))
            (else
              ;; int_value: all but its last byte say that more follow.
              (if (i32.or (i32.or
                    (i32.ne (local.get $inner) (i32.const 0x18))
                    (i32.lt_u (local.get $length) (i32.const 2)))
                    (i32.gt_u (local.get $length) (i32.const 10)))
                (then (return (local.get $start))))
              (local.set $at (i32.add (local.get $at) (i32.const 3)))
              (block $ended
                (loop $varint
                  (br_if $ended (i32.lt_u (i32.load8_u (local.get $at)) (i32.const 0x80)))
                  (local.set $at (i32.add (local.get $at) (i32.const 1)))
                  (br_if $varint (i32.lt_s (local.get $at) (local.get $valueEnd)))))
              (if (i32.ne (i32.add (local.get $at) (i32.const 1)) (local.get $valueEnd)) (then (return (local.get $start))))))
          (local.set $at (local.get $valueEnd))
          (br $attribute)))
      (if (i32.ne (local.get $at) (local.get $last)) (then (return (local.get $start))))
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (local.set $start (local.get $last))
      (br $record))
    (unreachable))

  ;; Takes the bytes from $at to $end, a multiple of 128, into the 32 lanes of the checksum: on each four of them a round of XXH32. With fewer
  ;; lanes each round waits for the one before.
  (func (export "sum") (param $at i32) (param $end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (local $multiplier v128) (local $prime v128)
    (local.set $multiplier (i32x4.splat (i32.const 0x85ebca77)))
    (local.set $prime (i32x4.splat (i32.const 0x9e3779b1)))
    (local.set $a (v128.load offset=192 (i32.const 0)))
    (local.set $b (v128.load offset=208 (i32.const 0)))
    (local.set $c (v128.load offset=224 (i32.const 0)))
    (local.set $d (v128.load offset=240 (i32.const 0)))
    (local.set $e (v128.load offset=256 (i32.const 0)))
    (local.set $f (v128.load offset=272 (i32.const 0)))
    (local.set $g (v128.load offset=288 (i32.const 0)))
    (local.set $h (v128.load offset=304 (i32.const 0)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $at) (local.get $end)))
        (local.set $a (i32x4.add (local.get $a)
          (i32x4.mul (v128.load align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $a (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $a) (i32.const 13)) (i32x4.shr_u (local.get $a) (i32.const 19)))))
        (local.set $b (i32x4.add (local.get $b)
          (i32x4.mul (v128.load offset=16 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $b (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $b) (i32.const 13)) (i32x4.shr_u (local.get $b) (i32.const 19)))))
        (local.set $c (i32x4.add (local.get $c)
          (i32x4.mul (v128.load offset=32 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $c (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $c) (i32.const 13)) (i32x4.shr_u (local.get $c) (i32.const 19)))))
        (local.set $d (i32x4.add (local.get $d)
          (i32x4.mul (v128.load offset=48 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $d (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $d) (i32.const 13)) (i32x4.shr_u (local.get $d) (i32.const 19)))))
        (local.set $e (i32x4.add (local.get $e)
          (i32x4.mul (v128.load offset=64 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $e (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $e) (i32.const 13)) (i32x4.shr_u (local.get $e) (i32.const 19)))))
        (local.set $f (i32x4.add (local.get $f)
          (i32x4.mul (v128.load offset=80 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $f (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $f) (i32.const 13)) (i32x4.shr_u (local.get $f) (i32.const 19)))))
        (local.set $g (i32x4.add (local.get $g)
          (i32x4.mul (v128.load offset=96 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $g (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $g) (i32.const 13)) (i32x4.shr_u (local.get $g) (i32.const 19)))))
        (local.set $h (i32x4.add (local.get $h)
          (i32x4.mul (v128.load offset=112 align=1 (local.get $at)) (local.get $multiplier))))
        (local.set $h (i32x4.mul (local.get $prime)
          (v128.or (i32x4.shl (local.get $h) (i32.const 13)) (i32x4.shr_u (local.get $h) (i32.const 19)))))
        (local.set $at (i32.add (local.get $at) (i32.const 128)))
        (br $next)))
    (v128.store offset=192 (i32.const 0) (local.get $a))
    (v128.store offset=208 (i32.const 0) (local.get $b))
    (v128.store offset=224 (i32.const 0) (local.get $c))
    (v128.store offset=240 (i32.const 0) (local.get $d))
    (v128.store offset=256 (i32.const 0) (local.get $e))
    (v128.store offset=272 (i32.const 0) (local.get $f))
    (v128.store offset=288 (i32.const 0) (local.get $g))
    (v128.store offset=304 (i32.const 0) (local.get $h))))
