package dev.panoptes.sensors.flow;

import dev.panoptes.sensors.replay.Output;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sets of NetFlow version 9 (RFC 3954) and IPFIX (RFC 7011, RFC 5103): templates, options and data. Pure but for the exporter. */
final class TemplateParser {
    private static final int MOST_FIELDS = 2048;
    static final int PADDING = 210;
    private static final String[] SCOPES = {"", "system", "interface", "lineCard", "cache", "template"};

    private final Elements elements;

    TemplateParser(Elements elements) {
        this.elements = elements;
    }

    static boolean looksLikeVersion9(byte[] data, int at, int length) {
        if (length < 24) {
            return false;
        }
        int id = (int) Values.number(data, at + 20, 2);
        int size = (int) Values.number(data, at + 22, 2);
        return (id <= 1 || id >= 256) && size >= 4 && size <= length - 20;
    }

    /**
     * Reads sets until the end.
     *
     * @return how many data records there were; -1 where that is not known because a template is missing; -2 where a set is
     *     broken, after everything before it was read
     */
    long sets(byte[] data, int from, int to, FlowContext context, Exporter exporter, Output out) {
        int at = from;
        long records = 0;
        boolean known = true;
        boolean broken = false;
        while (to - at >= 4) {
            int id = (int) Values.number(data, at, 2);
            int length = (int) Values.number(data, at + 2, 2);
            if (length < 4 || length > to - at) {
                broken = !isZero(data, at, to); // some exporters fill their datagrams up
                break;
            }
            int end = at + length;
            if (id == (context.version() == 9 ? 0 : 2)) {
                broken |= !templates(data, at + 4, end, context, exporter, out);
            } else if (id == (context.version() == 9 ? 1 : 3)) {
                broken |= context.version() == 9
                        ? !options9(data, at + 4, end, exporter, out)
                        : !options10(data, at + 4, end, context, exporter, out);
            } else if (id >= 256) {
                Template template = exporter.template(id);
                if (template == null) {
                    known = false;
                    exporter.await(new Exporter.Waiting(id, Arrays.copyOfRange(data, at + 4, end), context));
                } else {
                    long read = records(template, data, at + 4, end, context, exporter, out);
                    broken |= read < 0;
                    records += Math.max(0, read);
                }
            }
            at = end;
        }
        return broken ? -2 : known ? records : -1;
    }

    private static boolean isZero(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean templates(byte[] data, int from, int to, FlowContext context, Exporter exporter, Output out) {
        int at = from;
        while (to - at >= 4) {
            int id = (int) Values.number(data, at, 2);
            int count = (int) Values.number(data, at + 2, 2);
            if (id == 0 && count == 0) {
                return true; // padding
            }
            at += 4;
            if (count == 0) {
                exporter.withdraw(id);
                continue;
            }
            List<Template.Field> fields = new ArrayList<>(Math.min(count, 64));
            at = fields(data, at, to, count, context.version(), fields);
            if (at < 0 || id < 256) {
                return false;
            }
            add(Template.of(id, fields, 0), exporter, out);
        }
        return true;
    }

    private boolean options10(byte[] data, int from, int to, FlowContext context, Exporter exporter, Output out) {
        int at = from;
        while (to - at >= 4) {
            int id = (int) Values.number(data, at, 2);
            int count = (int) Values.number(data, at + 2, 2);
            if (id == 0 && count == 0) {
                return true;
            }
            at += 4;
            if (count == 0) {
                exporter.withdraw(id);
                continue;
            }
            if (to - at < 2) {
                return false;
            }
            int scopes = (int) Values.number(data, at, 2);
            List<Template.Field> fields = new ArrayList<>(Math.min(count, 64));
            at = fields(data, at + 2, to, count, context.version(), fields);
            if (at < 0 || id < 256 || scopes > count) {
                return false;
            }
            add(Template.of(id, fields, Math.max(1, scopes)), exporter, out);
        }
        return true;
    }

    private boolean options9(byte[] data, int from, int to, Exporter exporter, Output out) {
        int at = from;
        while (to - at >= 6) {
            int id = (int) Values.number(data, at, 2);
            int scopeLength = (int) Values.number(data, at + 2, 2);
            int optionLength = (int) Values.number(data, at + 4, 2);
            if (id == 0 && scopeLength == 0) {
                return true;
            }
            at += 6;
            if (id < 256 || scopeLength % 4 != 0 || optionLength % 4 != 0 || scopeLength + optionLength > to - at) {
                return false;
            }
            List<Template.Field> fields = new ArrayList<>();
            for (int i = 0; i < scopeLength; i += 4) {
                int type = (int) Values.number(data, at + i, 2);
                int length = (int) Values.number(data, at + i + 2, 2);
                fields.add(new Template.Field(
                        "scope." + (type > 0 && type < SCOPES.length ? SCOPES[type] : Integer.toString(type)),
                        0,
                        false,
                        length <= 8 ? Elements.Kind.UNSIGNED : Elements.Kind.OCTETS,
                        length,
                        type));
            }
            at = fields(data, at + scopeLength, to, optionLength / 4, 9, fields);
            if (at < 0) {
                return false;
            }
            add(Template.of(id, fields, Math.max(1, scopeLength / 4)), exporter, out);
        }
        return true;
    }

    /** Reads the fields of a template; where they end, or -1 where they are cut. */
    private int fields(byte[] data, int from, int to, int count, int version, List<Template.Field> fields) {
        int at = from;
        if (count > MOST_FIELDS) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            if (to - at < 4) {
                return -1;
            }
            int number = (int) Values.number(data, at, 2);
            int length = (int) Values.number(data, at + 2, 2);
            at += 4;
            long enterprise = 0;
            if (version == 10 && (number & 0x8000) != 0) {
                if (to - at < 4) {
                    return -1;
                }
                enterprise = Values.number(data, at, 4);
                at += 4;
                number &= 0x7fff;
            }
            fields.add(field(enterprise, number, length));
        }
        return at;
    }

    private Template.Field field(long enterprise, int number, int length) {
        boolean reverse = enterprise == Elements.REVERSE;
        Elements.Element element = enterprise == 0 || reverse ? elements.element(number) : null;
        Elements.Kind kind = element == null ? Elements.Kind.OCTETS : element.kind();
        String key = enterprise == 0 && element != null ? element.name() : enterprise + "." + number;
        return new Template.Field(key, enterprise == 0 || reverse ? number : 0, reverse, kind, length, 0);
    }

    private void add(Template template, Exporter exporter, Output out) {
        for (Exporter.Waiting set : exporter.add(template)) {
            if (records(template, set.data(), 0, set.data().length, set.context(), exporter, out) < 0) {
                out.malformed();
            }
        }
    }

    /** How many records the set holds; -1 where one is cut, after those before it were told. */
    private long records(
            Template template, byte[] data, int from, int to, FlowContext context, Exporter exporter, Output out) {
        if (template.minimum() == 0) {
            return 0; // records without octets say nothing, and there would be no end of them
        }
        int at = from;
        long count = 0;
        while (to - at >= template.minimum()) {
            at = template.scopes() > 0
                    ? option(template, data, at, to, exporter)
                    : flow(template, data, at, to, context, exporter, out);
            if (at < 0) {
                return -1;
            }
            count++;
        }
        return count;
    }

    private int flow(
            Template template, byte[] data, int from, int to, FlowContext context, Exporter exporter, Output out) {
        FlowRecord record = new FlowRecord();
        FlowReading reading = new FlowReading(record, context);
        int at = from;
        for (Template.Field field : template.fields()) {
            int length = field.length();
            if (length == Template.VARIABLE) {
                if (at >= to) {
                    return -1;
                }
                length = data[at++] & 0xff;
                if (length == 255) {
                    if (to - at < 2) {
                        return -1;
                    }
                    length = (int) Values.number(data, at, 2);
                    at += 2;
                }
            }
            if (length > to - at) {
                return -1;
            }
            if (length > 0) {
                if (field.number() != PADDING || field.reverse()) {
                    Object value = SubTemplates.holds(field.number()) && !field.reverse()
                            ? new SubTemplates(elements, exporter).read(field.number(), data, at, length)
                            : Values.read(elements, field.kind(), data, at, length);
                    if (value != null) {
                        record.put(field.key(), value);
                        if (field.number() > 0) {
                            reading.take(field, value, data, at, length);
                        }
                    }
                }
                at += length;
            }
        }
        Instant exported = context.exported();
        reading.finish();
        long sampling = reading.interval();
        if (sampling <= 0) {
            sampling = exporter.sampling(reading.sampler(), record.ingress, record.egress);
        }
        out.event(record.event(
                exported, context.version() == 9 ? "netflow" : "ipfix", exporter.told(sampling), template.id()));
        return at;
    }

    private int option(Template template, byte[] data, int from, int to, Exporter exporter) {
        int at = from;
        Sampling sampling = new Sampling();
        for (Template.Field field : template.fields()) {
            int length = field.length();
            if (length == Template.VARIABLE) {
                if (at >= to) {
                    return -1;
                }
                length = data[at++] & 0xff;
                if (length == 255) {
                    if (to - at < 2) {
                        return -1;
                    }
                    length = (int) Values.number(data, at, 2);
                    at += 2;
                }
            }
            if (length > to - at) {
                return -1;
            }
            if (length > 0 && length <= 8 && !field.reverse()) {
                Object value = Values.read(elements, field.kind(), data, at, length);
                if (field.scope() == 2 && value instanceof Long number) {
                    sampling.byInterface = number;
                } else {
                    sampling.take(field.number(), value);
                }
            }
            at += length;
        }
        exporter.sampling(sampling.interval(), sampling.sampler, sampling.byInterface);
        return at;
    }

    /** What fields say of sampling. For one thread. */
    static final class Sampling {
        @Nullable
        Long sampler;

        @Nullable
        Long byInterface;

        private long interval = -1;
        private long taken = -1;
        private long skipped = -1;
        private long size = -1;
        private long population = -1;
        private double probability;

        void take(int number, @Nullable Object value) {
            if (value instanceof Double share && number == 311) {
                probability = share;
            }
            if (!(value instanceof Long amount)) {
                return;
            }
            switch (number) {
                case 34, 50 -> interval = amount;
                case 48, 302 -> sampler = amount;
                case 10, 14, 141 -> byInterface = number == 141 ? byInterface : amount;
                case 305 -> taken = amount;
                case 306 -> skipped = amount;
                case 309 -> size = amount;
                case 310 -> population = amount;
                default -> {
                    // says nothing of sampling
                }
            }
        }

        /** One of so many packets; -1 where nothing tells. */
        long interval() {
            if (interval > 0) {
                return interval;
            }
            if (taken > 0 && skipped >= 0) {
                return Math.round((double) (taken + skipped) / taken);
            }
            if (size > 0 && population > 0) {
                return Math.round((double) population / size);
            }
            return probability > 0 && probability <= 1 ? Math.round(1 / probability) : -1;
        }
    }
}
