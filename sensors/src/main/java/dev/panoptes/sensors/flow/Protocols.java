package dev.panoptes.sensors.flow;

import org.jspecify.annotations.Nullable;

/** Transport protocols by IANA's numbers, in the words of the Elastic Common Schema. Pure. */
final class Protocols {
    private Protocols() {}

    static @Nullable String name(int number) {
        return switch (number) {
            case 0 -> "hopopt";
            case 1 -> "icmp";
            case 2 -> "igmp";
            case 4 -> "ipip";
            case 6 -> "tcp";
            case 8 -> "egp";
            case 9 -> "igp";
            case 17 -> "udp";
            case 27 -> "rdp";
            case 33 -> "dccp";
            case 41 -> "ipv6";
            case 43 -> "ipv6-route";
            case 44 -> "ipv6-frag";
            case 46 -> "rsvp";
            case 47 -> "gre";
            case 50 -> "esp";
            case 51 -> "ah";
            case 58 -> "ipv6-icmp";
            case 59 -> "ipv6-nonxt";
            case 60 -> "ipv6-opts";
            case 88 -> "eigrp";
            case 89 -> "ospf";
            case 103 -> "pim";
            case 108 -> "ipcomp";
            case 112 -> "vrrp";
            case 115 -> "l2tp";
            case 132 -> "sctp";
            case 136 -> "udplite";
            case 137 -> "mpls-in-ip";
            default -> null;
        };
    }
}
