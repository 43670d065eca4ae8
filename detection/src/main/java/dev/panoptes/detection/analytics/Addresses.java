package dev.panoptes.detection.analytics;

/** What an address tells of where it is. */
final class Addresses {
    private Addresses() {}

    /** True for addresses that no packet on the internet has: private, loopback, link-local, multicast (RFC 6890). */
    static boolean internal(String address) {
        return address.startsWith("10.")
                || address.startsWith("192.168.")
                || address.startsWith("127.")
                || address.startsWith("169.254.")
                || address.matches("172\\.(1[6-9]|2[0-9]|3[01])\\..*")
                || address.matches("(22[4-9]|23[0-9]|255)\\..*")
                || address.equals("::1")
                || address.startsWith("fe80:")
                || address.startsWith("fc")
                || address.startsWith("fd")
                || address.startsWith("ff");
    }
}
