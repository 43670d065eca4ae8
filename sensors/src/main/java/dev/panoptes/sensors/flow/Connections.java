package dev.panoptes.sensors.flow;

import dev.panoptes.core.AddressText;
import dev.panoptes.core.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This host's TCP connections, by what /proc/net/tcp and tcp6 hold in one look and the next (Documentation/networking/proc_net_tcp).
 * The first look only learns what is there. A connection shorter than the time between two looks is not seen. For one thread.
 */
final class Connections {
    private static final int MOST = 100_000;
    private static final int ESTABLISHED = 1;
    private static final int LISTEN = 10;

    private Map<Ends, Seen> known = new HashMap<>();
    private boolean looked;

    /** A connection from this host's side; addresses as hexadecimal of the kernel. */
    private record Ends(String local, int localPort, String remote, int remotePort) {}

    private record Seen(Instant since, boolean seenOpening, boolean inbound, String uid) {}

    private record Entry(String uid, long inode) {}

    /** @param inode of the socket of a connection that opened; 0 where it closed */
    record Change(Event.Builder event, long inode) {}

    /** @param tables the texts of the kernel's tables */
    List<Change> look(List<String> tables, Instant now) {
        Set<Integer> listening = new HashSet<>();
        Map<Ends, Entry> there = new LinkedHashMap<>();
        for (String table : tables) {
            table.lines().skip(1).forEach(line -> entry(line, listening, there));
        }
        List<Change> told = new ArrayList<>();
        Map<Ends, Seen> next = new HashMap<>();
        there.forEach((ends, entry) -> {
            Seen before = known.remove(ends);
            if (before == null) {
                before = new Seen(now, looked, listening.contains(ends.localPort), entry.uid());
                if (looked) {
                    told.add(new Change(event("connection_opened", ends, before, now), entry.inode()));
                }
            }
            next.put(ends, before);
        });
        known.forEach((ends, seen) -> told.add(new Change(event("connection_closed", ends, seen, now), 0)));
        known = next;
        looked = true;
        return told;
    }

    /** {@code 0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 12345 ...}. */
    private static void entry(String line, Set<Integer> listening, Map<Ends, Entry> there) {
        String[] words = line.strip().split(" +");
        if (words.length < 10 || there.size() >= MOST) {
            return;
        }
        int local = words[1].indexOf(':');
        int remote = words[2].indexOf(':');
        if (local < 0 || remote < 0) {
            return;
        }
        try {
            int state = Integer.parseInt(words[3], 16);
            int port = Integer.parseInt(words[1].substring(local + 1), 16);
            if (state == LISTEN) {
                listening.add(port);
            } else if (state == ESTABLISHED) {
                there.put(
                        new Ends(
                                words[1].substring(0, local),
                                port,
                                words[2].substring(0, remote),
                                Integer.parseInt(words[2].substring(remote + 1), 16)),
                        new Entry(words[7], Long.parseLong(words[9])));
            }
        } catch (NumberFormatException e) {
            return; // a line that the kernel was still writing
        }
    }

    private static Event.Builder event(String action, Ends ends, Seen seen, Instant now) {
        byte[] local = address(ends.local);
        byte[] remote = address(ends.remote);
        Event.Builder event = Event.builder()
                .put("@timestamp", now)
                .put("event.action", action)
                .put("event.category", List.of("network"))
                .put("event.type", List.of("connection", action.equals("connection_opened") ? "start" : "end"))
                .put("event.provider", "proc_net_tcp");
        if (seen.seenOpening) {
            event.put("event.start", seen.since);
            if (action.equals("connection_closed")) {
                event.put("event.end", now)
                        .put("event.duration", Duration.between(seen.since, now).toNanos());
            }
        }
        if (local == null || remote == null) {
            return event;
        }
        byte[] from = seen.inbound ? remote : local;
        byte[] to = seen.inbound ? local : remote;
        int fromPort = seen.inbound ? ends.remotePort : ends.localPort;
        int toPort = seen.inbound ? ends.localPort : ends.remotePort;
        return event.put("source.ip", AddressText.of(from))
                .put("source.port", (long) fromPort)
                .put("destination.ip", AddressText.of(to))
                .put("destination.port", (long) toPort)
                .put("network.transport", "tcp")
                .put("network.iana_number", "6")
                .put("network.type", AddressText.of(from).indexOf(':') >= 0 ? "ipv6" : "ipv4")
                .put("network.direction", seen.inbound ? "inbound" : "outbound")
                .put("network.community_id", CommunityId.of(unmapped(from), unmapped(to), 6, fromPort, toPort, -1))
                .put("flow.state", action.equals("connection_opened") ? "established" : "closed")
                .put("user.id", seen.uid);
    }

    private static byte[] unmapped(byte[] address) {
        return address.length == 16 && AddressText.of(address).indexOf(':') < 0
                ? java.util.Arrays.copyOfRange(address, 12, 16)
                : address;
    }

    /** Words of 32 bits in the order of the machine, which all machines that run this have with the lowest octet first. */
    private static byte @Nullable [] address(String hex) {
        if (hex.length() != 8 && hex.length() != 32) {
            return null;
        }
        byte[] address = new byte[hex.length() / 2];
        for (int word = 0; word < address.length; word += 4) {
            for (int i = 0; i < 4; i++) {
                int at = 2 * (word + 3 - i);
                int high = Character.digit(hex.charAt(at), 16);
                int low = Character.digit(hex.charAt(at + 1), 16);
                if (high < 0 || low < 0) {
                    return null;
                }
                address[word + i] = (byte) (high << 4 | low);
            }
        }
        return address;
    }
}
