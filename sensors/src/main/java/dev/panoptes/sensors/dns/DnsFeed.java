package dev.panoptes.sensors.dns;

import dev.panoptes.core.AddressText;
import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Datagram;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import dev.panoptes.sensors.replay.Segment;
import dev.panoptes.sensors.replay.TcpStreams;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/** One event a message: from UDP, from TCP put in order, and from the logs of resolvers. For one thread. */
final class DnsFeed implements Feed {
    private static final int DNS = 53;
    private static final int MULTICAST = 5353;
    private static final int MOST_ASKED = 8192;
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final Map<Asked, Instant> asked = new LinkedHashMap<>();
    private final ResolverLogs logs;
    private final String provider;
    private @Nullable TcpStreams streams;

    /**
     * @param provider the source of packets, as {@code event.provider} tells it
     * @param zone in which stamps without a zone are read
     */
    DnsFeed(String provider, ZoneId zone) {
        this.logs = new ResolverLogs(zone);
        this.provider = provider;
    }

    @Override
    public boolean wants(boolean tcp, int sourcePort, int destinationPort) {
        return sourcePort == DNS
                || destinationPort == DNS
                || (!tcp && (sourcePort == MULTICAST || destinationPort == MULTICAST));
    }

    @Override
    public void line(LogLine line, Output out) {
        logs.line(line, out);
    }

    @Override
    public void datagram(Datagram datagram, Output out) {
        boolean multicast = datagram.sourcePort() == MULTICAST || datagram.destinationPort() == MULTICAST;
        DnsMessage message = DnsParser.parse(datagram.data(), datagram.offset(), datagram.length(), multicast);
        if (message == null) {
            out.malformed();
            return;
        }
        Ends ends = new Ends(
                datagram.time(),
                datagram.source(),
                datagram.sourcePort(),
                datagram.destination(),
                datagram.destinationPort(),
                "udp");
        tell(message, ends, out);
        if (message.broken()) {
            out.malformed();
        }
    }

    @Override
    public void segment(Segment segment, Output out) {
        TcpStreams all = streams;
        if (all == null) {
            all = new TcpStreams(first -> new Messages(out));
            streams = all;
        }
        all.add(segment);
    }

    @Override
    public void finish(Output out) {
        if (streams != null) {
            streams.finish();
        }
    }

    /** Who sent to whom. */
    private record Ends(
            @Nullable Instant time,
            byte @Nullable [] source,
            int sourcePort,
            byte @Nullable [] destination,
            int destinationPort,
            String transport) {}

    /** What makes an answer the answer to a query. */
    private record Asked(String client, int clientPort, String server, int id, String name, int type) {
        /** By hand: asked for every message, where the one that records are given is linked at run time. */
        @Override
        public int hashCode() {
            return 31 * (31 * (31 * name.hashCode() + client.hashCode()) + id) + clientPort;
        }
    }

    private void tell(DnsMessage message, Ends ends, Output out) {
        Event.Builder event = Event.builder().put("@timestamp", ends.time);
        boolean answer = message.isAnswer();
        String code = answer ? DnsWords.responseCode(message.responseCode()) : null;
        event.put("event.action", answer ? "answer" : "query")
                .put("event.category", List.of("network"))
                .put("event.type", List.of("protocol"))
                .put("event.provider", provider);
        if (code != null) {
            event.put("event.outcome", message.responseCode() == 0 ? "success" : "failure");
        }
        String source = ends.source == null ? null : AddressText.of(ends.source);
        String destination = ends.destination == null ? null : AddressText.of(ends.destination);
        Duration took = took(message, ends, source, destination);
        if (took != null) {
            event.put("event.duration", took.toNanos());
        }
        event.put("dns.id", (long) message.id())
                .put("dns.type", answer ? "answer" : "query")
                .put("dns.op_code", DnsWords.operation(message.operation()))
                .put("dns.header_flags", DnsWords.flags(message.header()));
        questions(event, message.questions());
        event.put("dns.response_code", code);
        answers(event, message.answers());
        if (message.edns() != null) {
            event.put("dns.edns.version", (long) message.edns().version())
                    .put("dns.edns.payload_size", (long) message.edns().payloadSize())
                    .put("dns.edns.dnssec_ok", message.edns().dnssecOk());
        }
        if (source != null && destination != null) {
            event.put("source.ip", source).put("source.port", (long) ends.sourcePort);
            event.put("destination.ip", destination).put("destination.port", (long) ends.destinationPort);
            event.put("network.type", source.indexOf(':') >= 0 ? "ipv6" : "ipv4");
        }
        event.put("network.transport", ends.transport).put("network.protocol", "dns");
        out.event(event);
    }

    private @Nullable Duration took(
            DnsMessage message, Ends ends, @Nullable String source, @Nullable String destination) {
        Instant time = ends.time;
        if (time == null
                || source == null
                || destination == null
                || message.questions().size() != 1) {
            return null;
        }
        DnsMessage.Question question = message.questions().getFirst();
        boolean answer = message.isAnswer();
        Asked key = new Asked(
                answer ? destination : source,
                answer ? ends.destinationPort : ends.sourcePort,
                answer ? source : destination,
                message.id(),
                question.name().toLowerCase(java.util.Locale.ROOT),
                question.type());
        if (!answer) {
            asked.putIfAbsent(key, time);
            if (asked.size() > MOST_ASKED) {
                Asked oldest = asked.keySet().iterator().next();
                asked.remove(oldest);
            }
            return null;
        }
        Instant then = asked.remove(key);
        return then == null
                        || time.isBefore(then)
                        || time.getEpochSecond() - then.getEpochSecond() > LONGEST_WAIT_SECONDS
                ? null
                : Duration.between(then, time);
    }

    private static void questions(Event.Builder event, List<DnsMessage.Question> questions) {
        if (questions.isEmpty()) {
            return;
        }
        List<Map<String, Object>> further = new ArrayList<>();
        for (DnsMessage.Question question : questions) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("name", question.name());
            told.put("type", Type.string(question.type()));
            told.put("class", DnsWords.className(question.questionClass()));
            String registered = DnsName.registered(question.name());
            if (registered != null) {
                told.put("registered_domain", registered);
            }
            further.add(told);
        }
        further.removeFirst().forEach((name, value) -> event.put("dns.question." + name, value));
        event.put("dns.questions", further);
    }

    private static void answers(Event.Builder event, List<DnsMessage.Answer> answers) {
        List<Map<String, Object>> told = new ArrayList<>(answers.size());
        List<String> addresses = new ArrayList<>();
        for (DnsMessage.Answer answer : answers) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", answer.name());
            one.put("type", Type.string(answer.type()));
            one.put("class", DnsWords.className(answer.recordClass()));
            one.put("ttl", answer.ttl());
            if (!answer.data().isEmpty()) {
                one.put("data", answer.data());
                boolean address = (answer.type() == Type.A && answer.recordClass() == 1) || answer.type() == Type.AAAA;
                if (address && answer.data().charAt(0) != '\\') { // not where its data has another length
                    addresses.add(answer.data());
                }
            }
            told.add(one);
        }
        event.put("dns.answers", told).put("dns.resolved_ip", addresses);
    }

    /** The messages of one direction of a connection, each with its length before it (RFC 7766 section 8). */
    private final class Messages implements TcpStreams.Reader {
        private final Output out;
        private byte[] buffer = new byte[512];
        private int filled;
        private boolean lost;

        Messages(Output out) {
            this.out = out;
        }

        @Override
        public void bytes(Segment segment, byte[] data, int offset, int length) {
            if (lost) {
                return;
            }
            if (filled + length > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(filled + length, buffer.length * 2));
            }
            System.arraycopy(data, offset, buffer, filled, length);
            filled += length;
            int at = 0;
            while (filled - at >= 2) {
                int size = (buffer[at] & 0xff) << 8 | (buffer[at + 1] & 0xff);
                if (size < 12) {
                    lose();
                    return;
                }
                if (filled - at - 2 < size) {
                    break;
                }
                DnsMessage message = DnsParser.parse(buffer, at + 2, size, false);
                if (message == null) {
                    out.malformed();
                } else {
                    tell(
                            message,
                            new Ends(
                                    segment.time(),
                                    segment.source(),
                                    segment.sourcePort(),
                                    segment.destination(),
                                    segment.destinationPort(),
                                    "tcp"),
                            out);
                    if (message.broken()) {
                        out.malformed();
                    }
                }
                at += 2 + size;
            }
            System.arraycopy(buffer, at, buffer, 0, filled - at);
            filled -= at;
        }

        @Override
        public void gap(Segment segment) {
            lose();
        }

        /** Nothing tells where the next message begins. */
        private void lose() {
            if (!lost) {
                lost = true;
                filled = 0;
                buffer = new byte[0];
                out.malformed();
            }
        }

        @Override
        public void end() {
            if (!lost && filled > 0) {
                out.malformed();
            }
        }
    }
}
