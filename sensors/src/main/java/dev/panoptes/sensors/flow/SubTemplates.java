package dev.panoptes.sensors.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records within a record: subTemplateList and subTemplateMultiList (RFC 6313 sections 4.5.2 and 4.5.3). Pure but for the exporter. */
final class SubTemplates {
    static final int LIST = 292;
    static final int MULTI_LIST = 293;
    private static final int DEEPEST = 8;
    private static final int MOST = 1024;

    private final Elements elements;
    private final Exporter exporter;

    SubTemplates(Elements elements, Exporter exporter) {
        this.elements = elements;
        this.exporter = exporter;
    }

    static boolean holds(int number) {
        return number == LIST || number == MULTI_LIST;
    }

    /**
     * The records as objects of names and values, in their order; the octets as hexadecimal where a template is not known or the
     * list is broken; null where the list is empty.
     */
    @Nullable
    Object read(int number, byte[] data, int at, int length) {
        return read(number, data, at, length, 0);
    }

    private @Nullable Object read(int number, byte[] data, int at, int length, int depth) {
        List<Object> records = new ArrayList<>();
        boolean whole = depth < DEEPEST
                && length >= 1
                && (number == LIST
                        ? length >= 3 && one(data, at + 1, at + 3, at + length, records, depth)
                        : several(data, at + 1, at + length, records, depth));
        if (!whole) {
            return Values.hex(data, at, length);
        }
        return records.isEmpty() ? null : records;
    }

    private boolean several(byte[] data, int from, int to, List<Object> records, int depth) {
        int at = from;
        while (to - at >= 4) {
            int size = (int) Values.number(data, at + 2, 2);
            if (size < 4 || size > to - at || !one(data, at, at + 4, at + size, records, depth)) {
                return false;
            }
            at += size;
        }
        return at == to;
    }

    /** Records of the template whose id stands at a place. */
    private boolean one(byte[] data, int id, int from, int to, List<Object> records, int depth) {
        Template template = exporter.template((int) Values.number(data, id, 2));
        if (from == to) {
            return true;
        }
        if (template == null || template.minimum() == 0) {
            return false;
        }
        int at = from;
        while (at < to) {
            FlowRecord record = new FlowRecord();
            at = to - at < template.minimum() || records.size() >= MOST
                    ? -1
                    : record(template, data, at, to, record, depth);
            if (at < 0) {
                return false;
            }
            Map<String, Object> fields = record.fields;
            if (!fields.isEmpty()) {
                records.add(fields);
            }
        }
        return true;
    }

    private int record(Template template, byte[] data, int from, int to, FlowRecord record, int depth) {
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
            boolean padding = field.number() == TemplateParser.PADDING && !field.reverse();
            Object value = length == 0 || padding
                    ? null
                    : holds(field.number()) && !field.reverse()
                            ? read(field.number(), data, at, length, depth + 1)
                            : Values.read(elements, field.kind(), data, at, length);
            if (value != null) {
                record.put(field.key(), value);
            }
            at += length;
        }
        return at;
    }
}
