.option norvc
_start: lui s1, 0x400
        addi s1, s1, 0x700
        addi s0, s1, 0x100
        li s2, 0
1:      ld a7, 0(s0)
        ld a0, 8(s0)
        ld a1, 16(s0)
        ld a2, 24(s0)
        ld a3, 32(s0)
        ld a4, 40(s0)
        ld s3, 56(s0)
        li t0, -1
        bne a2, t0, 2f
        mv a2, s2
2:      ecall
        addi s0, s0, 64
        andi t0, s3, 1
        bnez t0, 3f
        mv s2, a0
        sd a0, 0(s1)
3:      blez s2, 1b
        andi s3, s3, -2
        sub s0, s0, s3
        j 1b
