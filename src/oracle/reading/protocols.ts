// Keywords of protocol numbers, from IANA's registry "Assigned Internet Protocol Numbers". A keyword instead of the number is
// an intact value; it may be in lower case, as OpenTelemetry writes it.

const keywords: readonly string[] = [
  'HOPOPT ICMP IGMP GGP IPv4 ST TCP CBT EGP IGP BBN-RCC-MON NVP-II PUP ARGUS EMCON XNET CHAOS UDP MUX DCN-MEAS HMP PRM',
  'XNS-IDP TRUNK-1 TRUNK-2 LEAF-1 LEAF-2 RDP IRTP ISO-TP4 NETBLT MFE-NSP MERIT-INP DCCP 3PC IDPR XTP DDP IDPR-CMTP TP++',
  'IL IPv6 SDRP IPv6-Route IPv6-Frag IDRP RSVP GRE DSR BNA ESP AH I-NLSP SWIPE NARP Min-IPv4 TLSP SKIP IPv6-ICMP',
  'IPv6-NoNxt IPv6-Opts - CFTP - SAT-EXPAK KRYPTOLAN RVD IPPC - SAT-MON VISA IPCV CPNX CPHB WSN PVP BR-SAT-MON SUN-ND',
  'WB-MON WB-EXPAK ISO-IP VMTP SECURE-VMTP VINES IPTM NSFNET-IGP DGP TCF EIGRP OSPFIGP Sprite-RPC LARP MTP AX.25 IPIP',
  'MICP SCC-SP ETHERIP ENCAP - GMTP IFMP PNNI PIM ARIS SCPS QNX A/N IPComp SNP Compaq-Peer IPX-in-IP VRRP PGM - L2TP DDX',
  'IATP STP SRP UTI SMP SM PTP ISIS FIRE CRTP CRUDP SSCOPMCE IPLT SPS PIPE SCTP FC RSVP-E2E-IGNORE Mobility-Header UDPLite',
  'MPLS-in-IP manet HIP Shim6 WESP ROHC Ethernet AGGFRAG NSH Homa BIT-EMU',
]
  .join(' ')
  .split(' ');

/** Other spellings in use for entries that the registry renamed or that have a common short name. */
const aliases: Readonly<Record<string, number>> = {
  ipip: 94,
  'ipv6-icmp': 58,
  icmpv6: 58,
  icmp6: 58,
  ospf: 89,
  'ospf-igp': 89,
  'mobility header': 135,
};

const numberOf: ReadonlyMap<string, number> = new Map([
  ...keywords.flatMap((keyword, number): [string, number][] =>
    keyword === '-' ? [] : [[keyword.toLowerCase(), number]],
  ),
  ...Object.entries(aliases),
]);

/** The number of a keyword in the registry's case or in lower case; undefined for anything else. */
export function protocolNumber(keyword: string): number | undefined {
  const number = numberOf.get(keyword.toLowerCase());
  if (number === undefined) return undefined;
  const exact = keyword === keyword.toLowerCase() || keyword === keywords[number];
  return exact ? number : undefined;
}
