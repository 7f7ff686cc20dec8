_start: movl $0x400800, %ebp
1:      movl (%ebp), %eax
        movl 4(%ebp), %ebx
        movl 8(%ebp), %ecx
        movl 12(%ebp), %edx
        movl 16(%ebp), %esi
        movl 20(%ebp), %edi
        cmpl $-1, %edx
        jne 2f
        movl 0x400700, %edx
2:      int $0x80
        movl 28(%ebp), %ecx
        addl $32, %ebp
        testb $1, %cl
        jnz 3f
        movl %eax, 0x400700
3:      cmpl $0, 0x400700
        jle 1b
        andl $-2, %ecx
        subl %ecx, %ebp
        jmp 1b
