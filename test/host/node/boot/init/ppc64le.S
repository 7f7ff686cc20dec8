_start: lis 14, 0x40
        addi 15, 14, 0x700
        addi 14, 14, 0x800
        li 16, 0
1:      ld 0, 0(14)
        ld 3, 8(14)
        ld 4, 16(14)
        ld 5, 24(14)
        ld 6, 32(14)
        ld 7, 40(14)
        ld 17, 56(14)
        cmpdi 5, -1
        bne 2f
        mr 5, 16
2:      sc
        bns 3f
        neg 3, 3
3:      addi 14, 14, 64
        andi. 18, 17, 1
        bne 4f
        mr 16, 3
        std 3, 0(15)
4:      cmpdi 16, 0
        ble 1b
        rldicr 17, 17, 0, 62
        subf 14, 17, 14
        b 1b
