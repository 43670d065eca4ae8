package dev.panoptes.sensors.dns;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.AddressLiteral;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.Output;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/** What resolvers log of queries and replies: dnsmasq, unbound, systemd-resolved, BIND. For one thread. */
final class ResolverLogs {
    private static final int MOST_MESSAGE = 4096;
    private static final Pattern DNSMASQ = Pattern.compile("(?:(\\d+) (\\S+)/(\\d+)"
            + " )?(query|reply|cached|config|/\\S+|cached-stale|DHCP)(?:\\[(?:type=)?([A-Z0-9]+)\\])? (\\S*)"
            + " (from|is) (.+)");
    private static final Pattern DNSMASQ_OWN = Pattern.compile("(?:dnsmasq|dnsmasq\\[\\d+\\]): (.*)");
    private static final Pattern UNBOUND_OWN = Pattern.compile(
            "\\[(\\d{1,12})(?:\\.(\\d{1,6}))?\\] unbound(?:\\[\\d+:\\w+\\])? (?:info|query|reply): (.*)");
    private static final Pattern UNBOUND_PREFIX = Pattern.compile("(?:\\[\\d+:\\w+\\] )?(?:info|query|reply): (.*)");
    private static final Pattern UNBOUND =
            Pattern.compile("(\\S+) (\\S+)\\.? ([A-Z0-9]+) ([A-Z]+)(?: ([A-Z]+) (\\d+\\.\\d+) ([01]) (\\d+))?");
    private static final Pattern RESOLVED = Pattern.compile(
            "(?:Looking up RR for|Sending query packet with id (\\d+).*?|Positive cache hit for|Negative cache hit for|"
                    + "Cache miss for) (\\S+) ([A-Z]+) ([A-Z0-9]+).*");
    private static final Pattern BIND_STAMP =
            Pattern.compile("(\\d{2})-([A-Z][a-z]{2})-(\\d{4}) (\\d{2}):(\\d{2}):(\\d{2})\\.(\\d{3}) (.*)");
    private static final Pattern BIND = Pattern.compile(
            "(?:queries: )?(?:info: )?client (?:@0x[0-9a-f]+ )?(\\S+)#(\\d+)(?:/key \\S+)?(?: \\([^)]*\\))?: (?:view"
                    + " \\S+: )?query: (\\S+) (\\S+) (\\S+) (\\S+)(?: \\(([^)]*)\\))?.*");
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private final ZoneId zone;

    /** @param zone in which BIND's stamps are read */
    ResolverLogs(ZoneId zone) {
        this.zone = zone;
    }

    void line(LogLine line, Output out) {
        String text = line.message();
        if (text.isEmpty() || text.length() > MOST_MESSAGE) {
            return;
        }
        String tag = line.tag();
        if (tag != null) {
            Event.Builder event = switch (tag) {
                case "dnsmasq" -> dnsmasq(text);
                case "unbound" -> prefixed(text);
                case "systemd-resolved" -> resolved(text);
                case "named" -> bind(text);
                default -> null;
            };
            tell(event, line, line.time(), out);
            return;
        }
        Matcher unbound = UNBOUND_OWN.matcher(line.text());
        if (unbound.matches()) {
            tell(unbound(unbound.group(3)), line, Instant.ofEpochSecond(Long.parseLong(unbound.group(1))), out);
            return;
        }
        Matcher stamp = BIND_STAMP.matcher(line.text());
        if (stamp.matches()) {
            Instant time = stamp(stamp);
            if (time == null) {
                out.malformed();
            } else {
                tell(bind(stamp.group(8)), line, time, out);
            }
            return;
        }
        Matcher own = DNSMASQ_OWN.matcher(text);
        if (own.matches()) {
            tell(dnsmasq(own.group(1)), line, line.time(), out);
        } else if (line.time() == null && !line.kernel() && line.journal() == null) {
            out.malformed();
        }
    }

    private static void tell(Event.@Nullable Builder event, LogLine line, @Nullable Instant time, Output out) {
        if (event == null) {
            return;
        }
        event.put("@timestamp", time)
                .put("event.category", List.of("network"))
                .put("event.type", List.of("protocol"))
                .put("network.protocol", "dns");
        line.describeWithoutTime(event);
        event.put("process.name", line.tag()).put("process.pid", line.pid());
        out.event(event);
    }

    private @Nullable Instant stamp(Matcher stamp) {
        int month = MONTHS.indexOf(stamp.group(2));
        try {
            return month < 0 || month % 3 != 0
                    ? null
                    : LocalDateTime.of(
                                    Integer.parseInt(stamp.group(3)),
                                    month / 3 + 1,
                                    Integer.parseInt(stamp.group(1)),
                                    Integer.parseInt(stamp.group(4)),
                                    Integer.parseInt(stamp.group(5)),
                                    Integer.parseInt(stamp.group(6)),
                                    Integer.parseInt(stamp.group(7)) * 1_000_000)
                            .atZone(zone)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Event.Builder query(String name, @Nullable String type, @Nullable String questionClass) {
        return named("query", name, type, questionClass);
    }

    private static Event.Builder named(
            String action, String name, @Nullable String type, @Nullable String questionClass) {
        String bare = name.length() > 1 && name.endsWith(".") && !name.endsWith("\\.")
                ? name.substring(0, name.length() - 1)
                : name;
        return Event.builder()
                .put("event.action", action)
                .put("dns.type", action)
                .put("dns.question.name", bare.isEmpty() ? "." : bare)
                .put("dns.question.type", type)
                .put("dns.question.class", questionClass)
                .put("dns.question.registered_domain", DnsName.registered(bare));
    }

    private static void client(Event.Builder event, String address, @Nullable String port) {
        event.put("source.ip", AddressLiteral.canonical(address));
        if (port != null && port.length() <= 5) {
            event.put("source.port", Long.valueOf(port));
        }
    }

    private static Event.@Nullable Builder dnsmasq(String text) {
        Matcher matcher = DNSMASQ.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        if (matcher.group(4).equals("query")) {
            if (!matcher.group(7).equals("from")) {
                return null;
            }
            String type = matcher.group(5);
            Event.Builder event =
                    query(matcher.group(6), type != null && type.matches("\\d+") ? numbered(type) : type, "IN");
            client(event, matcher.group(8).strip(), matcher.group(3));
            return event;
        }
        if (!matcher.group(7).equals("is")) {
            return null;
        }
        Event.Builder event = named("answer", matcher.group(6), null, null);
        if (matcher.group(2) != null) {
            client(event, matcher.group(2), matcher.group(3));
        }
        String data = matcher.group(8);
        String address = AddressLiteral.canonical(data);
        if (address != null) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("name", matcher.group(6));
            answer.put("type", address.indexOf(':') >= 0 ? "AAAA" : "A");
            answer.put("data", address);
            event.put("dns.answers", List.of(answer)).put("dns.resolved_ip", List.of(address));
            event.put("dns.response_code", "NOERROR").put("event.outcome", "success");
        } else if (data.startsWith("NXDOMAIN")) {
            event.put("dns.response_code", "NXDOMAIN").put("event.outcome", "failure");
        } else if (data.startsWith("NODATA") || data.startsWith("<")) {
            event.put("dns.response_code", "NOERROR").put("event.outcome", "success");
        } else {
            event.put("dns.answers", List.of(Map.of("name", matcher.group(6), "data", data)));
        }
        return event;
    }

    /** {@code HTTPS} for 65; {@code TYPEn} where the number has no name or is none (RFC 3597). */
    private static String numbered(String type) {
        int number = type.length() > 5 ? -1 : Integer.parseInt(type);
        return number < 0 || number > 65_535 ? "TYPE" + type : Type.string(number);
    }

    private static Event.@Nullable Builder prefixed(String text) {
        Matcher prefix = UNBOUND_PREFIX.matcher(text);
        return prefix.matches() ? unbound(prefix.group(1)) : null;
    }

    /** {@code 192.0.2.1 example.com. A IN}, and with log-replies {@code NOERROR 0.000000 1 44} behind it. */
    private static Event.@Nullable Builder unbound(String text) {
        Matcher matcher = UNBOUND.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String address = AddressLiteral.canonical(matcher.group(1));
        if (address == null) {
            return null;
        }
        boolean reply = matcher.group(5) != null;
        Event.Builder event = named(reply ? "answer" : "query", matcher.group(2), matcher.group(3), matcher.group(4));
        if (reply) {
            event.put("dns.response_code", matcher.group(5))
                    .put("event.outcome", matcher.group(5).equals("NOERROR") ? "success" : "failure")
                    .put("event.duration", Math.round(Double.parseDouble(matcher.group(6)) * 1e9))
                    .put("destination.ip", address);
            return event;
        }
        return event.put("source.ip", address);
    }

    private static Event.@Nullable Builder resolved(String text) {
        Matcher matcher = RESOLVED.matcher(text);
        if (!matcher.matches() || !text.startsWith("Looking up RR for")) {
            return null;
        }
        return query(matcher.group(2), matcher.group(4), matcher.group(3));
    }

    /** {@code client @0x7f 192.0.2.1#4242 (example.com): query: example.com IN A +E(0)K (192.0.2.53)}. */
    private static Event.@Nullable Builder bind(String text) {
        Matcher matcher = BIND.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Event.Builder event = query(matcher.group(3), matcher.group(5).toUpperCase(Locale.ROOT), matcher.group(4));
        client(event, matcher.group(1), matcher.group(2));
        String flags = matcher.group(6);
        if (flags.startsWith("+")) {
            event.put("dns.header_flags", List.of("RD"));
        }
        event.put("network.transport", flags.contains("T") ? "tcp" : "udp");
        if (matcher.group(7) != null) {
            event.put("destination.ip", AddressLiteral.canonical(matcher.group(7)));
        }
        return event;
    }
}
