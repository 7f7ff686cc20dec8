.arm
_start: mov r9, #0x400000
        add r10, r9, #0x700
        add r9, r9, #0x800
        mov r8, #0
1:      ldr r7, [r9]
        ldmib r9, {r0, r1, r2, r3, r4}
        ldr r11, [r9, #28]
        cmn r2, #1
        moveq r2, r8
        svc #0
        add r9, r9, #32
        tst r11, #1
        moveq r8, r0
        streq r0, [r10]
        cmp r8, #0
        ble 1b
        bic r11, r11, #1
        sub r9, r9, r11
        b 1b
