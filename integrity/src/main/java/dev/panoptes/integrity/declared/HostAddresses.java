package dev.panoptes.integrity.declared;

/** Compares the addresses of the host that compose files publish ports on. */
public final class HostAddresses {
    private HostAddresses() {}

    /** True where a port on one is also one on the other. Without an address, a port is published on every one. */
    public static boolean overlap(String a, String b) {
        String one = plain(a);
        String other = plain(b);
        if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.contains(":") == other.contains(":");
        return sameFamily && (isWildcard(one) || isWildcard(other));
    }

    /** Empty for every address of both families. */
    public static String plain(String address) {
        return address.equals("*") ? "" : address.equals("localhost") ? "127.0.0.1" : address;
    }

    private static boolean isWildcard(String address) {
        return address.equals("0.0.0.0") || address.equals("::") || address.equals("0:0:0:0:0:0:0:0");
    }
}
