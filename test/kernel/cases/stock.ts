// Modules of the distribution that say nothing on their own, alone and with what they need.
import { isStock } from '../lib/recipe';
import type { Case } from '../lib/recording';
import { insmod, rmmod, testCase, type Kit, type Topic } from './kit';

const stock = (path: string): ReturnType<typeof insmod> => insmod({ stock: `kernel/${path}.ko` });

const ALONE = [
  ...[
    'drivers/net/mii',
    'lib/crc-itu-t',
    'fs/nls/nls_utf8',
    'fs/nls/nls_cp437',
    'lib/ts_bm',
    'lib/ts_kmp',
    'net/sched/sch_htb',
  ],
  ...[
    'net/sched/cls_basic',
    'lib/crc8',
    'lib/crc7',
    'fs/fat/fat',
    'net/802/psnap',
    'lib/ts_fsm',
    'net/llc/llc',
    'drivers/i2c/i2c-smbus',
  ],
  ...[
    'net/netfilter/x_tables',
    'drivers/net/dummy',
    'lib/zlib_deflate/zlib_deflate',
    'fs/configfs/configfs',
    'fs/minix/minix',
  ],
];

/** Whether every stock module of a case is shipped for this kernel. */
function available(kit: Kit, { steps }: Case): boolean {
  return steps.every(step => step.op !== 'insmod' || !isStock(step.module) || kit.hasStock(step.module.stock));
}

const CASES: readonly Case[] = [
  ...ALONE.map(path => testCase(`stock/${path}`, stock(path))),
  testCase('stock/right-order', stock('net/llc/llc'), stock('net/802/stp'), rmmod('llc'), rmmod('stp'), rmmod('llc')),
  testCase('stock/wrong-order', stock('net/802/stp'), stock('net/llc/llc'), stock('net/802/stp')),
  testCase(
    'stock/tables',
    stock('net/netfilter/x_tables'),
    stock('net/netfilter/xt_tcpudp'),
    stock('net/netfilter/xt_mark'),
    rmmod('x_tables'),
  ),
  testCase('stock/tables-missing', stock('net/netfilter/xt_tcpudp')),
  testCase('stock/chain/ext4', stock('lib/crc16'), stock('fs/mbcache'), stock('fs/jbd2/jbd2'), stock('fs/ext4/ext4')),
  testCase('stock/chain/ext4-no-crc16', stock('fs/mbcache'), stock('fs/jbd2/jbd2'), stock('fs/ext4/ext4')),
  testCase(
    'stock/chain/vxlan',
    stock('net/ipv4/udp_tunnel'),
    stock('net/ipv6/ip6_udp_tunnel'),
    stock('drivers/net/vxlan/vxlan'),
  ),
  testCase('stock/overlay', stock('fs/overlayfs/overlay')),
  testCase(
    'stock/overlay-parameters',
    insmod({ stock: 'kernel/fs/overlayfs/overlay.ko' }, { args: 'metacopy=on index=y bogus' }),
  ),
  testCase('stock/veth', stock('drivers/net/veth')),
  testCase('stock/isofs', stock('fs/isofs/isofs')),
  testCase('stock/unknown-parameter', insmod({ stock: 'kernel/drivers/net/mii.ko' }, { args: 'bogus=1' })),
  testCase('stock/parameter', insmod({ stock: 'kernel/drivers/net/dummy.ko' }, { args: 'numdummies=2' })),
  testCase('stock/bad-parameter', insmod({ stock: 'kernel/drivers/net/dummy.ko' }, { args: 'numdummies=x' })),
];

export const stockModules: Topic = kit => CASES.filter(c => available(kit, c));
