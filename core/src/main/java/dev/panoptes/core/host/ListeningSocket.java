package dev.panoptes.core.host;

/**
 * A TCP socket that accepts connections, as the kernel lists it.
 *
 * @param address the literal it is bound to (RFC 5952); an IPv4 address bound through an IPv6 socket is written as IPv4
 * @param dualStack true for the IPv6 wildcard that also takes IPv4
 * @param inode what {@code /proc/PID/fd} calls the socket
 * @param uid owner of the socket, which need not be the user of the process that holds it now
 */
public record ListeningSocket(String address, int port, boolean dualStack, long inode, int uid) {}
