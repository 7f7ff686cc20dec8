// Which part of a kernel a symbol belongs to, by its name: subsystems put a prefix before what they export. A log tells
// no more. Names are facts of the kernels; a test compares the tables with the Module.symvers of real ones.
import { moduleOfPrefix } from './prefixes';

/** Modules with the beginnings of what they export, as kernels of distributions build them. */
const MODULES: readonly (readonly [module: string, names: RegExp])[] = [
  ['nvidia', /^(?:nv|nvidia)_/],
  ['vboxguest', /^(?:VBoxGuest|VBGL)/],
  ['vboxdrv', /^(?:SUPR0|SUPDrv|RTR0|RTLog|RTMem)/],
  ['spl', /^(?:spl_|taskq_|vn_(?:openat?|fsync|getf|rdwr)$)/],
  [
    'drm_kms_helper',
    /^(?:__drm_(?:atomic|gem|crtc)_helper_|drm_(?:kms|atomic|fb|crtc|plane|gem_simple)_helper_|drm_(?:simple_display|gem_fb|fbdev)_)/,
  ],
  [
    'drm',
    /^drm_(?:mode_|gem_(?:object|handle|private|prime)_|dev_|ioctl$|open$|read$|release$|poll$|property_|syncobj_|mm_|vblank_|crtc_vblank_|encoder_(?:init|cleanup))/,
  ],
  ['ttm', /^ttm_/],
  [
    'cfg80211',
    /^(?:(?:__)?cfg80211_|wiphy_|regulatory_(?:hint|set)|ieee80211_(?:channel_to|get_channel|freq|hdrlen|get_hdrlen|bss_get|mandatory|radiotap|amsdu|data_to))/,
  ],
  [
    'mac80211',
    /^(?:__)?ieee80211_(?:alloc_hw|register_hw|unregister_hw|free_hw|tx_|beacon_|iterate|find_sta|get_tx|sta_|send_bar|restart|report)/,
  ],
  ['bluetooth', /^(?:hci_(?!uart|sync)|l2cap_|__hci_cmd|bt_(?:err|info|warn|to_errno|sock|accept))/],
  ['ff_memless', /^input_ff_create_memless$/],
  ['btintel', /^btintel_/],
  ['btrtl', /^btrtl_/],
  ['btbcm', /^btbcm_/],
  ['btmtk', /^btmtk_/],
  ['usbserial', /^usb_serial_/],
  ['usbnet', /^usbnet_(?!cdc|generic|ether)/],
  [
    'usbcore',
    /^usb_(?:alloc_urb|free_urb|submit_urb|kill_urb|control_msg|bulk_msg|register_d|deregister|get_dev|put_dev|anchor|poison)/,
  ],
  ['snd', /^snd_(?:card|ctl|device|component|info|jack)_/],
  ['snd_pcm', /^snd_pcm_(?!dmaengine|add_chmap|oss)/],
  ['snd_soc_core', /^(?:devm_)?snd_soc_(?:register|unregister|dapm|component|card|pcm|put|get|info|dai_set|add)/],
  [
    'videodev',
    /^(?:v4l2_(?:ctrl|device|fh|event|subdev|ioctl|prio)_|video_(?:device|register|unregister|ioctl2|devdata))/,
  ],
  [
    'libcomposite',
    /^usb_(?:composite_|function_|add_function|add_config|gadget_config|gstrings|string_id|get_function|put_function|os_desc)/,
  ],
  ['usb_f_mass_storage', /^fsg_/],
  ['u_ether', /^(?:gether_(?:connect|disconnect|setup|register|cleanup|get|set))/],
  ['u_serial', /^gserial_/],
  ['videobuf2_common', /^vb2_(?:buffer_done$|core_|plane_|discard)/],
  ['dvb_core', /^dvb_(?:register|unregister|frontend|dmx|net|ringbuffer|ca_en)/],
  [
    'industrialio',
    /^(?:devm_)?iio_(?:device_(?:register|unregister|alloc|free|claim|release)|push_to|read_|write_|format|str_to)/,
  ],
  ['nf_conntrack', /^(?:__)?(?:nf_ct_|nf_conntrack_)/],
  ['x_tables', /^(?:xt_(?!rateest)|xtables)/],
  ['nf_tables', /^nft_(?:register|unregister|data|parse|dump|request|do_chain)/],
  ['kvm', /^kvm_/],
  ['ib_core', /^ib_(?!uverbs|cm_|ucap|sa_|send_cm|umem|copy)/],
  ['mlx5_core', /^mlx5_/],
  ['mlx4_core', /^mlx4_/],
  ['sunrpc', /^(?:rpc|svc|xdr|xprt)_/],
  ['libceph', /^ceph_/],
  ['jbd2', /^jbd2_/],
  ['mmc_core', /^(?:mmc|sdio)_/],
  ['mtd', /^mtd_(?!blktrans)/],
  ['libata', /^ata_/],
  ['hid', /^hid_(?!sensor|is_usb|bpf|ops|pidff)/],
  ['dm_persistent_data', /^dm_(?:btree|bm|tm|sm|block|bitset|array)_/],
  ['dm_mod', /^dm_(?:register|unregister|get_device|put_device|table|set_target|kcopyd|io_client|shift_arg|read_arg)/],
  ['md_mod', /^md_(?:register|unregister|error|check|flush|write|wakeup|done|allow|integrity|bitmap_resize)/],
  [
    'scsi_mod',
    /^(?:scsi_(?:host|add_host|remove_host|scan|add_device|remove_device|device_(?!type)|dma_|change|block_r|unblock_r|done|register_d|print)|sdev_|starget_|scmd_)/,
  ],
  ['mii', /^mii_/],
  ['rc_core', /^(?:rc_(?:map_(?:reg|unreg|get)|key|alloc|reg|unreg|free|repeat)|ir_raw_)/],
  [
    'videobuf2_v4l2',
    /^vb2_(?:queue_(?:init|release)|ops_|ioctl_|fop_|poll$|qbuf|dqbuf|streamo|reqbufs|create_bufs|expbuf|querybuf)/,
  ],
  ['mc', /^(?:__)?media_(?:entity|device|create|pipeline|request|pad|get|remove|graph)/],
  ['gspca_main', /^gspca_/],
  ['snd_rawmidi', /^snd_rawmidi_/],
  ['snd_hwdep', /^snd_hwdep_/],
  ['snd_hda_core', /^_?snd_hdac_(?!ext|i915|acomp|hdmi|query_channel|setup_channel|channel|chmap)/],
  ['snd_ac97_codec', /^snd_ac97_/],
  ['udc_core', /^usb_(?:ep_(?!auto|type)|gadget_(?!get)|add_gadget_u|del_gadget_u)/],
  ['usb_storage', /^usb_stor_/],
  ['usb_wwan', /^usb_wwan_/],
  ['ip_set', /^ip_set_/],
  ['nf_nat', /^nf_nat_(?!sip|ftp|irc|amanda|tftp|h323|q931|pptp|snmp|helper|hook|redirect|masquerade)/],
  ['rtlwifi', /^(?:rtl_(?!pci|usb|btc)|rtlwifi_)/],
  ['rt2x00lib', /^rt2x00(?:lib|mac|queue)_/],
  ['ath9k_hw', /^ath9k_hw_(?!rx_|htc)/],
  ['mt76', /^(?:__)?mt76_(?!connac)/],
  ['rtw88_core', /^rtw_(?!pci|usb|sdio)/],
  ['rfkill', /^rfkill_/],
  ['rdma_cm', /^rdma_(?:connect|create_id|destroy_id|resolve_(?:a|r)|listen|bind_addr|accept|reject|disconnect)/],
  ['firewire_core', /^fw_(?:core|send|run|iso_(?!resources)|csr|bus|cancel|device|card|schedule|fill)/],
  ['wire', /^w1_(?!ds)/],
  [
    'target_core_mod',
    /^(?:target_|core_tpg|transport_(?:generic|backend|register_s|init|alloc|free|deregister|kunmap|kmap|send))/,
  ],
  ['vhost', /^vhost_(?!vsock|net|iotlb|task)/],
  ['vmw_vmci', /^vmci_/],
  ['atm', /^(?:atm_|vcc_)/],
  ['pcmcia', /^pcmcia_(?!socket|register_s|unregister_s|parse|get_socket|put_socket|reset)/],
  ['nfs', /^nfs_(?!acl|ssc|stream|sysfs)/],
  ['fat', /^fat_/],
  ['regmap_i3c', /regmap_init_i3c/],
  ['regmap_spmi', /regmap_init_spmi/],
  ['regmap_w1', /regmap_init_w1/],
  ['regmap_sccb', /regmap_init_sccb/],
  ['parport', /^parport_(?!pc)/],
  [
    'can_dev',
    /^(?:alloc_can|register_candev|unregister_candev|open_candev|close_candev|can_(?:get|put|change|bus|free)_)/,
  ],
  ['ipmi_msghandler', /^ipmi_(?!dmi)/],
  ['nvme_core', /^nvme_(?!auth|fc|keyring|tls|show|dhchap|mpath)/],
  // What is left of a prefix after the rows above.
  ['mac80211', /^(?:__)?ieee80211_(?!.*_rsl$|get_vht|s1g|get_num)/],
  ['hid', /^__hid_|^hidinput_/],
  [
    'usbcore',
    /^usb_(?:set|clear|alloc|free|unlink|autopm|reset|kill|unanchor|ifnum|string|find|get_descriptor|get_status|get_intf|put_intf|get_from|interrupt|sg_|driver|enable|disable|lock|match|interface|altnum|register|store|show|hcd|add_hcd|remove_hcd|create_hcd|put_hcd|get_hcd|root_hub|mon|bulk|calc|urb|block|hub)/,
  ],
  [
    'drm',
    /^(?:drm_(?:connector_|crtc_(?:init|cleanup)|add_edid|object_|universal_|compat_ioctl|gem_mmap|framebuffer_|plane_(?:init|cleanup)|printf|edid_)|drmm_|__drm_(?:err|dbg|printfn))/,
  ],
  ['videodev', /^(?:__video_|__v4l2_ctrl_|v4l2_async_|v4l2_i2c_|v4l_bound|v4l2_norm)/],
];

/** What the image itself has, by subsystem; `$` ends a whole name, everything else is how names begin. */
const OF_IMAGE = `
  _raw_ __per_cpu_ __cpu_ nr_cpu cpu_number$ cpumask_ printk$ _printk$ vprintk __printk_ __warn_printk dump_stack panic$
  jiffies init_task$ init_mm$ init_net$ init_user_ns$ current_task$ phys_base$ page_offset_base$ vmemmap_base$
  pcpu_hot$ system_wq$ system_power_efficient_wq$ boot_cpu_data$ numa_node$ iomem_resource$ ioport_resource$ pv_ops$
  kmalloc __kmalloc kfree kvfree kvmalloc kzalloc krealloc kmemdup kstrdup kasprintf kmem_cache_ vmalloc vzalloc vfree
  vmap$ vunmap$ vm_map vm_insert __vmalloc is_vmalloc_addr$ __get_free_pages get_zeroed_page __get_vm_area map_vm_area
  free_pages __free_pages alloc_pages __alloc_pages free_percpu __alloc_percpu get_user_pages remap_pfn mempool_
  __check_object_size __check_heap_object fortify_panic __fortify_panic refcount_ __list_ ___ratelimit usercopy_
  _cond_resched __cond_resched __msecs_to_ __usecs_to_ __virt_addr_valid __bitmap_ find_first_ find_next_
  mod_timer del_timer add_timer init_timer timer_delete hrtimer_ msleep usleep_ schedule __const_udelay __udelay
  ktime_get do_gettimeofday getnstimeofday get_random_ prandom_u32
  mutex_ __mutex_ down_ down$ up$ up_ complete$ complete_all$ wait_for_ __wake_up prepare_to_wait finish_wait
  __init_waitqueue init_wait_entry add_wait_queue remove_wait_queue autoremove_wake default_wake_function
  call_rcu rcu_ __rcu_ kvfree_call_rcu
  queue_work queue_delayed flush_work cancel_work cancel_delayed delayed_work_timer_fn mod_delayed_work_on
  destroy_workqueue alloc_workqueue tasklet_ __tasklet_ kthread_
  wake_up_process smp_call on_each_cpu set_cpus_allowed sched_set send_sig kill_pid find_vpid find_get_pid capable$
  ns_capable$ from_kuid from_kgid make_kuid make_kgid
  strcmp$ strcpy$ strcat$ strlen$ strchr$ strstr$ strsep$ strlcpy$ strlcat$ strscpy strncmp$ strncpy$ strncat$ strnlen$
  strcasecmp$ strncasecmp$ print_hex_dump
  memcpy memset memcmp memmove memdup snprintf sprintf vsnprintf vsprintf sscanf scnprintf simple_strto kstrto
  filp_ vfs_ __vfs_ kern_path path_ dentry_ d_path d_add d_alloc d_drop d_instantiate d_make_root d_splice_alias dput$ fput$
  inode_ iget iput igrab new_inode set_nlink inc_nlink drop_nlink clear_nlink clear_inode setattr_
  kernel_read kernel_write kernel_sendmsg kernel_recvmsg kernel_bind generic_file generic_read generic_write
  noop_llseek no_llseek default_llseek nonseekable_open stream_open simple_open simple_attr_ simple_read_from_buffer
  iov_iter_ blk_ bio_ submit_bio register_blkdev unregister_blkdev put_disk del_gendisk seq_ single_open single_release
  debugfs_ sysfs_ kobject_ proc_create proc_mkdir proc_get_parent proc_dointvec remove_proc create_proc cdev_
  register_chrdev __register_chrdev unregister_chrdev __unregister_chrdev alloc_chrdev misc_register misc_deregister
  class_ __class_ device_create device_destroy device_register device_unregister device_add device_del device_initialize
  device_remove_file get_device$ put_device$ driver_register driver_unregister bus_register bus_unregister
  _dev_ dev_err dev_warn dev_set_name dev_driver_string dev_printk __dynamic_ devm_kmalloc devm_kfree devm_kasprintf
  devm_request_threaded_irq devm_ioremap param_ops_ param_array_ops param_get_ param_set_ request_firmware
  release_firmware __request_module platform_driver platform_device platform_get_ __platform_ pci_register
  pci_unregister pci_enable pci_disable pci_read pci_write pci_find pci_get pci_set pci_request_re pci_release_re
  pci_iomap pci_iounmap pci_dev_ pci_save_state pci_restore_state pcim_ pm_runtime_ __pm_runtime_ dmi_ acpi_evaluate_
  acpi_bus_ of_property_ of_get_property of_find_ of_match_ of_device_is_
  __pci_ dma_alloc dma_free dma_buf_ dma_map dma_unmap dma_set dma_sync dma_pool_ sg_ request_irq request_threaded_irq
  free_irq enable_irq disable_irq irq_set_ __request_region __release_region ioremap iounmap __ioremap iowrite ioread
  clk_ regulator_ gpiod_ gpio_ tty_ input_register input_unregister rb_ idr_ ida_ csum_partial
  copy_from_user$ copy_to_user$ _copy_from_user _copy_to_user __get_user __put_user kallsyms_ set_pages_ set_memory_ sys_ groups_
  set_groups prepare_creds commit_creds override_creds security_ register_kprobe unregister_kprobe
  register_kretprobe unregister_kretprobe register_filesystem unregister_filesystem register_ftrace
  register_reboot unregister_reboot trace_event_ trace_raw_ perf_trace_ bpf_trace_run event_triggers_call
  register_netdev unregister_netdev alloc_etherdev alloc_netdev free_netdev netif_ netdev_ napi_ __napi_ skb_ __skb_
  pskb_ __pskb_ consume_skb __alloc_skb __dev_kfree_skb dev_queue_xmit dev_close net_ratelimit rtnl_ nla_ __nla_
  register_pernet unregister_pernet __netdev_alloc eth_ ether_setup ethtool_op_ sk_alloc$ sk_free$ release_sock
  lock_sock proto_register proto_unregister dst_release
  sock_ netlink_ __netlink_ genl_ wireless_ module_put try_module_get __module_ synchronize_ _dma_cache_
`;

const IMAGE = new RegExp(`^(?:${OF_IMAGE.trim().split(/\s+/).join('|')})`);

/** The module that exports such a name in kernels of distributions; null where the name does not tell. */
export function providerOf(symbol: string): string | null {
  return MODULES.find(([, names]) => names.test(symbol))?.[0] ?? moduleOfPrefix(symbol);
}

/** Whether the image itself has the symbol, in one release or another: no module brings it. */
export function isOfImage(symbol: string): boolean {
  return providerOf(symbol) === null && isImageName(symbol);
}

/** The same of a name that no module brings. */
export const isImageName = (symbol: string): boolean => IMAGE.test(symbol);

/** Functions of programs: the kernel has no C library, no floating point and no exceptions. */
const OF_PROGRAMS =
  /^_{0,2}(?:(?:a?sin|a?cos|a?tan|atan2|sinh|cosh|tanh|sqrt|cbrt|pow|exp2?|log(?:2|10|1p)?|floor|ceil|l?l?round|trunc|fmod|fabs|rint|fma|hypot)[fl]?|v?f?printf|puts|putchar|perror|scanf|malloc|calloc|realloc|free|exit|fopen|fclose|fread|fwrite|fgets|getenv|strerror|strdup|strtol|strtoul|atoi|rand|srand|time|usleep|nanosleep|errno_location|assert_fail|(?:printf|sprintf|snprintf|fprintf|strncpy|strcpy|strcat|memcpy|memset|vsnprintf)_chk|pthread_\w+|gxx_personality_v0|cxa_\w+|Zn[wa]m|Zd[la]Pv|Unwind_Resume|dso_handle)$/;

/** Whether only programs have such a function: the source, or a library linked into it, was not written for a kernel. */
export function isOfPrograms(symbol: string): boolean {
  return OF_PROGRAMS.test(symbol);
}
