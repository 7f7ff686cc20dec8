_start: llilh %r10, 0x40
        la %r9, 0x700(%r10)
        la %r8, 0x800(%r10)
        lghi %r11, 0
1:      lg %r1, 0(%r8)
        lmg %r2, %r6, 8(%r8)
        lg %r12, 56(%r8)
        cghi %r4, -1
        jne 2f
        lgr %r4, %r11
2:      svc 0
        aghi %r8, 64
        tmll %r12, 1
        jo 3f
        lgr %r11, %r2
        stg %r2, 0(%r9)
3:      ltgr %r11, %r11
        jnh 1b
        nill %r12, 0xfffe
        sgr %r8, %r12
        j 1b
