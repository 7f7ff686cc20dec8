_start: movl $0x400800, %ebx
        xorl %r12d, %r12d
1:      movq (%rbx), %rax
        movq 8(%rbx), %rdi
        movq 16(%rbx), %rsi
        movq 24(%rbx), %rdx
        movq 32(%rbx), %r10
        movq 40(%rbx), %r8
        cmpq $-1, %rdx
        cmoveq %r12, %rdx
        syscall
        movq 56(%rbx), %rcx
        addq $64, %rbx
        testb $1, %cl
        jnz 2f
        movq %rax, %r12
        movq %rax, 0x400700
2:      testq %r12, %r12
        jle 1b
        andq $-2, %rcx
        subq %rcx, %rbx
        jmp 1b
