package dev.panoptes.core.host;

/**
 * Sockets that take what is sent to them and are no TCP listeners, as /proc/net tells (proc(5)).
 *
 * @param udp UDP sockets that are bound and connected to nobody
 * @param unix Unix stream and seqpacket sockets that listen, by path or abstract name
 */
public record OtherListeners(int udp, int unix) {
    private static final int UNIX_FLAGS = 3;
    private static final int UNIX_PATH = 7;
    private static final String ACCEPTS = "00010000";

    static OtherListeners parse(String udp, String udp6, String unix) {
        return new OtherListeners((int) (bound(udp) + bound(udp6)), (int) listening(unix));
    }

    private static long bound(String table) {
        return table.lines()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 2 && !fields[1].endsWith(":0000") && fields[2].matches("0+:0000"))
                .count();
    }

    private static long listening(String table) {
        return table.lines()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > UNIX_PATH && fields[UNIX_FLAGS].equals(ACCEPTS))
                .count();
    }
}
