package dev.panoptes.code.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that is put together from parts. What a port is read from is its end, so its environment variable is that of the
 * last part. Where only an earlier part is not known, the mark {@link #GAP} stands for it: the port behind a host that nobody
 * knows is known all the same.
 */
final class TextParts {
    /** Stands for a part that is not known. Such a text is never equal to another, no key and no name. */
    static final char GAP = '\uFFFD';

    private final StringBuilder text = new StringBuilder();
    private @Nullable String variable;
    private Value.@Nullable Unknown last;
    private boolean gap;
    private boolean soft;

    static boolean whole(String text) {
        return text.indexOf(GAP) < 0;
    }

    TextParts add(String literal) {
        if (!literal.isEmpty()) {
            text.append(literal);
            variable = null;
            last = null;
        }
        return this;
    }

    /** @param shown how the value appears; null where that is not known */
    TextParts add(@Nullable Value value, @Nullable String shown) {
        if (shown != null && shown.isEmpty()) {
            return this;
        }
        if (shown == null) {
            text.append(GAP);
            gap = true;
            last = value instanceof Value.Unknown unknown ? unknown : Values.composed();
            return this;
        }
        text.append(shown);
        last = null;
        variable = value instanceof Value.Scalar scalar ? scalar.variable() : null;
        soft |= value instanceof Value.Scalar scalar && scalar.soft();
        return this;
    }

    Value result() {
        if (last != null) {
            return last;
        }
        return text.length() > 4_000
                ? Values.unknown("it is a long text")
                : new Value.Scalar(text.toString(), variable, soft || gap || variable != null);
    }

    /** What printf makes of it, as Python, Go and Java know it: {@code "%s:%d"}. */
    static Value formatted(Value.Scalar format, List<Value> values) {
        String text = format.text() == null ? "" : format.text();
        TextParts result = new TextParts();
        int next = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%' || i + 1 == text.length()) {
                result.add(String.valueOf(c));
                continue;
            }
            i++;
            char kind = text.charAt(i);
            if (kind == '%') {
                result.add("%");
                continue;
            }
            boolean plain = kind == 's' || kind == 'd' || kind == 'i' || kind == 'v';
            Value value = next < values.size() ? values.get(next) : null;
            result.add(value, plain && value != null ? Values.shown(value) : null);
            next++;
        }
        return result.result();
    }
}
