package dev.panoptes.sensors.dns;

import java.util.ArrayList;
import java.util.List;

/** The names that IANA's registry of DNS parameters gives to numbers. Pure. */
final class DnsWords {
    private DnsWords() {}

    static String responseCode(int code) {
        return switch (code) {
            case 0 -> "NOERROR";
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 3 -> "NXDOMAIN";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            case 6 -> "YXDOMAIN";
            case 7 -> "YXRRSET";
            case 8 -> "NXRRSET";
            case 9 -> "NOTAUTH";
            case 10 -> "NOTZONE";
            case 11 -> "DSOTYPENI";
            case 16 -> "BADVERS";
            case 17 -> "BADKEY";
            case 18 -> "BADTIME";
            case 19 -> "BADMODE";
            case 20 -> "BADNAME";
            case 21 -> "BADALG";
            case 22 -> "BADTRUNC";
            case 23 -> "BADCOOKIE";
            default -> "RCODE" + code;
        };
    }

    static String operation(int code) {
        return switch (code) {
            case 0 -> "QUERY";
            case 1 -> "IQUERY";
            case 2 -> "STATUS";
            case 4 -> "NOTIFY";
            case 5 -> "UPDATE";
            case 6 -> "DSO";
            default -> "OPCODE" + code;
        };
    }

    static String className(int number) {
        return switch (number) {
            case 1 -> "IN";
            case 3 -> "CH";
            case 4 -> "HS";
            case 254 -> "NONE";
            case 255 -> "ANY";
            default -> "CLASS" + number;
        };
    }

    /** The flags that are set, of those that have a meaning in queries and answers. */
    static List<String> flags(int header) {
        List<String> flags = new ArrayList<>(4);
        add(flags, header, 0x0400, "AA");
        add(flags, header, 0x0200, "TC");
        add(flags, header, 0x0100, "RD");
        add(flags, header, 0x0080, "RA");
        add(flags, header, 0x0020, "AD");
        add(flags, header, 0x0010, "CD");
        return flags;
    }

    private static void add(List<String> flags, int header, int bit, String name) {
        if ((header & bit) != 0) {
            flags.add(name);
        }
    }
}
