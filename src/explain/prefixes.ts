// Beginnings of names that lead to one module, for modules that need no pattern: a line for each module, with what
// everything it exports begins with in kernels of distributions.
import { groupBy } from '../formats/groupBy';

const TABLE = `
9pnet: p9_client_ p9_is_ v9fs_
asus_wmi: asus_wmi_
ath10k_core: ath10k_
ath11k: ath11k_
ath12k: ath12k_
ath6kl_core: ath6kl_
ath9k_common: ath9k_cmn_
ath9k_hw: ar9003_
auth_rpcgss: gss_ svcauth_gss_
ax25: ax25_
bcma: bcma_
brcmfmac: brcmf_
brcmutil: brcmu_
bttv: bttv_
can: can_rx_register can_rx_unregister can_proto_ can_send
can_dev: can_rx_offload_
cdc_ncm: cdc_ncm_
cdrom: cdrom_
cec: cec_
comedi: comedi_buf_ comedi_dev_ comedi_alloc_ comedi_auto_ comedi_driver_ range_
comedi_pci: comedi_pci_
configfs: configfs_ config_item_ config_group_
cryptd: cryptd_
crypto_engine: crypto_engine_ crypto_finalize_ crypto_transfer_
cx231xx: cx231xx_
cx88xx: cx88_core_ cx88_ir_ cx88_sram_ cx88_risc_ cx88_wakeup
dca: dca_
drm_buddy: drm_buddy_
drm_gpuvm: drm_gpuvm_ drm_gpuva_
drm_shmem_helper: drm_gem_shmem_
drm_ttm_helper: drm_gem_ttm_
drm_vram_helper: drm_gem_vram_
dvb_usb: dvb_usb_
dvb_usb_v2: dvb_usbv2_
eeprom_93cx6: eeprom_93cx6_
em28xx: em28xx_
enclosure: enclosure_
gameport: gameport_
gpu_sched: drm_sched_
grace: locks_start_grace locks_end_grace locks_in_grace
hdlc: hdlc_
hwmon_vid: vid_which_ vid_from_
i2c_algo_bit: i2c_bit_
i2c_mux: i2c_mux_
ib_cm: ib_cm_
ip_vs: ip_vs_ register_ip_vs unregister_ip_vs
irqbypass: irq_bypass_
iw_cm: iw_cm_
iwlwifi: iwl_
l2tp_core: l2tp_tunnel_ l2tp_session_
lib80211: lib80211_
libahci: ahci_
libnvdimm: nvdimm_
llc: llc_
lockd: lockd_ nlmsvc_ nlmclnt_
lru_cache: lc_
macvlan: macvlan_
mei: mei_cldev_
memstick: memstick_
mhi: mhi_
mt76_connac_lib: mt76_connac_ mt76_connac2_
mt76x02_lib: mt76x02_
mt76_usb: mt76u_
mwifiex: mwifiex_
nandcore: nanddev_ nand_ecc_
netfs: netfs_
nfnetlink: nfnetlink_
nfs_acl: nfsacl_ nfs_stream_
nvme_fabrics: nvmf_
nvmet: nvmet_
nvmet_fc: nvmet_fc_
ocfs2_stackglue: ocfs2_
openvswitch: ovs_
parport_pc: parport_pc_
pcmcia_core: pcmcia_socket_
phylink: phylink_
pmbus_core: pmbus_
ppp_generic: ppp_
pppox: pppox_
pps_core: pps_register_ pps_unregister_ pps_event
ptp: ptp_clock_ ptp_find_
qmi_helpers: qmi_
qrtr: qrtr_
raid6_pq: raid6_
rdmavt: rvt_
rpmsg_core: rpmsg_
rt2800lib: rt2800_
rt2x00usb: rt2x00usb_
rtllib: rtllib_
rtsx_pci: rtsx_pci_
rtsx_usb: rtsx_usb_
rtw89_core: rtw89_core_ rtw89_fw_ rtw89_mac_ rtw89_phy_
saa7134: saa7134_
slhc: slhc_
snd_compress: snd_compr_
snd_hda_codec: snd_hda_codec_ azx_
snd_hda_codec_generic: snd_hda_gen_
snd_seq: snd_seq_kernel_ snd_seq_expand_ snd_seq_event_
snd_seq_device: snd_seq_device_
snd_timer: snd_timer_
snd_usbmidi_lib: snd_usbmidi_
soundcore: register_sound_ unregister_sound_
soundwire_bus: sdw_bus_ sdw_slave_ sdw_stream_
sparse_keymap: sparse_keymap_
spi_bitbang: spi_bitbang_
ssb: ssb_
stp: stp_
team: team_
thunderbolt: tb_ring_ tb_xdomain_ tb_property_ tb_register_ tb_unregister_
tveeprom: tveeprom_
typec: typec_
uio: uio_ __uio_
usbip_core: usbip_
v4l2_dv_timings: v4l2_dv_ v4l2_calc_ v4l2_detect_
v4l2_fwnode: v4l2_fwnode_
v4l2_mem2mem: v4l2_m2m_
vfio: vfio_info_ vfio_file_ vfio_device_ vfio_register_ vfio_unregister_
vfio_pci_core: vfio_pci_
video: acpi_video_get_ acpi_video_register acpi_video_unregister
videobuf_core: videobuf_mmap_ videobuf_read_
vsock: vsock_
vxlan: vxlan_
wmi: wmi_
xor: xor_blocks
`;

interface Prefix {
  readonly prefix: string;
  readonly module: string;
}

const PREFIXES: readonly Prefix[] = TABLE.trim()
  .split('\n')
  .flatMap(row => {
    const [module = '', ...prefixes] = row.split(/:? /);
    return prefixes.map(prefix => ({ prefix, module }));
  })
  // The longer of two beginnings says more.
  .sort((a, b) => b.prefix.length - a.prefix.length);

/** By the first letters, of which the shortest beginning has three. */
const BY_START = groupBy(PREFIXES, ({ prefix }) => prefix.slice(0, 3));

/** The module that exports names with this beginning; null for other names. */
export const moduleOfPrefix = (symbol: string): string | null =>
  BY_START.get(symbol.slice(0, 3))?.find(({ prefix }) => symbol.startsWith(prefix))?.module ?? null;
