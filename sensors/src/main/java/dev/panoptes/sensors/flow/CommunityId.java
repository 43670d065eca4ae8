package dev.panoptes.sensors.flow;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Community ID version 1 with seed 0: the same text for both directions of a flow. SHA-1 is the format's, not a safeguard. Pure. */
final class CommunityId {
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    private CommunityId() {}

    /**
     * @param icmp type and code of ICMP as IPFIX has them in one number; -1 where not known
     * @param sourcePort -1 where there is none
     */
    static String of(
            byte[] source, byte[] destination, int protocol, long sourcePort, long destinationPort, long icmp) {
        long from = sourcePort;
        long to = destinationPort;
        boolean oneWay = false;
        if (protocol == ICMP || protocol == ICMP6) {
            long both = icmp >= 0 ? icmp : Math.max(0, destinationPort);
            int type = (int) (both >> 8) & 0xff;
            int counterpart = protocol == ICMP ? counterpart4(type) : counterpart6(type);
            from = type;
            to = counterpart >= 0 ? counterpart : both & 0xff;
            oneWay = counterpart < 0;
        }
        boolean ports = from >= 0
                && to >= 0
                && (protocol == 6 || protocol == 17 || protocol == 132 || protocol == ICMP || protocol == ICMP6);
        int order = Arrays.compareUnsigned(source, destination);
        boolean forward = oneWay || order < 0 || (order == 0 && (!ports || from < to));
        byte[] first = forward ? source : destination;
        byte[] second = forward ? destination : source;
        byte[] all = new byte[2 + first.length * 2 + 2 + (ports ? 4 : 0)];
        System.arraycopy(first, 0, all, 2, first.length);
        System.arraycopy(second, 0, all, 2 + first.length, second.length);
        int at = 2 + first.length * 2;
        all[at] = (byte) protocol;
        if (ports) {
            long low = forward ? from : to;
            long high = forward ? to : from;
            all[at + 2] = (byte) (low >> 8);
            all[at + 3] = (byte) low;
            all[at + 4] = (byte) (high >> 8);
            all[at + 5] = (byte) high;
        }
        try {
            return "1:"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-1").digest(all));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static int counterpart4(int type) {
        return switch (type) {
            case 0 -> 8;
            case 8 -> 0;
            case 9 -> 10;
            case 10 -> 9;
            case 13 -> 14;
            case 14 -> 13;
            case 15 -> 16;
            case 16 -> 15;
            case 17 -> 18;
            case 18 -> 17;
            default -> -1;
        };
    }

    private static int counterpart6(int type) {
        return switch (type) {
            case 128 -> 129;
            case 129 -> 128;
            case 130 -> 131;
            case 131 -> 130;
            case 133 -> 134;
            case 134 -> 133;
            case 135 -> 136;
            case 136 -> 135;
            case 139 -> 140;
            case 140 -> 139;
            case 144 -> 145;
            case 145 -> 144;
            default -> -1;
        };
    }
}
