package dev.panoptes.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a URL as written. RFC 3986 appendix B, because {@code java.net.URI} follows RFC 2396: it finds no host in
 * {@code http://my_agent:8014}. Placeholders are seen as single characters, so that what stands in them splits nothing.
 *
 * @param scheme lower case; null where there is none
 * @param authority null where there is no {@code //}
 * @param plainPath with each placeholder as {@link #PLACEHOLDER}
 * @param path as written, from its first slash; empty for none
 */
record UrlText(@Nullable String scheme, @Nullable String authority, String plainPath, String path) {
    /** Stands for one placeholder; no URL can hold it (a noncharacter). */
    static final char PLACEHOLDER = '\uFFFF';

    /**
     * <code>${X}</code>, <code>#{x}</code>, <code>{{x}}</code>, <code>{%x%}</code>, <code>{x}</code>, {@code <x>},
     * {@code $(X)}, {@code ((x))}, {@code [[x]]}, {@code %(x)s}, {@code %X%}, {@code @X@}, {@code __X__} and {@code $X}.
     */
    private static final Pattern PLACEHOLDERS =
            Pattern.compile("[$#]\\{[^}]{0,200}\\}|\\{\\{.{0,200}?\\}\\}|\\{[^{}]{0,200}\\}"
                    + "|<[^<>]{0,200}>|\\$\\([^)]{0,200}\\)|\\(\\([^)]{0,200}\\)\\)|\\[\\[[^\\]]{0,200}\\]\\]|%\\([^)]{0,200}\\)s"
                    + "|%[A-Z_][A-Z0-9_]{1,100}%|@[A-Z_][A-Z0-9_]{1,100}@|__[A-Z][A-Z0-9_]{0,100}?__(?![A-Za-z0-9_])"
                    + "|\\$[A-Za-z_]\\w{0,200}");

    /** What every placeholder begins with. */
    private static final Pattern MARKS = Pattern.compile("[${}<%@(]|\\[\\[|__");

    private static final Pattern PARTS =
            Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\\?[^#]*)?(?:#.*)?", Pattern.DOTALL);

    static UrlText of(String url) {
        List<String> placeholders = new ArrayList<>();
        String stripped = url.strip();
        String plain = MARKS.matcher(stripped).find()
                ? PLACEHOLDERS.matcher(stripped).replaceAll(found -> {
                    placeholders.add(found.group());
                    return String.valueOf(PLACEHOLDER);
                })
                : stripped;
        Matcher parts = PARTS.matcher(plain);
        if (!parts.matches()) {
            throw new IllegalStateException("the pattern of RFC 3986 appendix B matches every text");
        }
        String scheme = parts.group(1);
        return new UrlText(
                scheme == null ? null : scheme.toLowerCase(Locale.ROOT),
                parts.group(2),
                parts.group(3),
                asWritten(plain, parts.start(3), parts.end(3), placeholders));
    }

    private static String asWritten(String plain, int start, int end, List<String> placeholders) {
        StringBuilder written = new StringBuilder();
        int next = 0;
        for (int i = 0; i < end; i++) {
            char c = plain.charAt(i);
            String text = c == PLACEHOLDER && next < placeholders.size() ? placeholders.get(next++) : String.valueOf(c);
            if (i >= start) {
                written.append(text);
            }
        }
        return written.toString();
    }

    /** True where a placeholder stands where scheme, host or port would. */
    boolean isUnresolved() {
        boolean inScheme = scheme != null && scheme.indexOf(PLACEHOLDER) >= 0;
        boolean inAuthority = authority != null && afterUserinfo(authority).indexOf(PLACEHOLDER) >= 0;
        boolean isWhole = authority == null && plainPath.indexOf(PLACEHOLDER) == 0;
        return inScheme || inAuthority || isWhole;
    }

    /** Host and port as written; empty without an authority. */
    String hostAndPort() {
        return authority == null ? "" : afterUserinfo(authority);
    }

    /** The host as written, lower case, brackets kept; it may be empty or hold a placeholder. */
    String host() {
        String text = hostAndPort();
        int end = text.startsWith("[") && text.indexOf(']') > 0 ? text.indexOf(']') + 1 : text.lastIndexOf(':');
        return (end < 0 ? text : text.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    /** What stands behind the host: empty, or a colon and the port as written. */
    String portPart() {
        return hostAndPort().substring(host().length());
    }

    private static String afterUserinfo(String authority) {
        return authority.substring(authority.lastIndexOf('@') + 1);
    }
}
