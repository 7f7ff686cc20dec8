_start: mov x19, #0x400000
        add x20, x19, #0x700
        add x19, x19, #0x800
        mov x21, #0
1:      ldp x8, x0, [x19]
        ldp x1, x2, [x19, #16]
        ldp x3, x4, [x19, #32]
        ldr x22, [x19, #56]
        cmn x2, #1
        csel x2, x21, x2, eq
        svc #0
        add x19, x19, #64
        tbnz x22, #0, 2f
        mov x21, x0
        str x0, [x20]
2:      cmp x21, #0
        b.le 1b
        and x22, x22, #-2
        sub x19, x19, x22
        b 1b
