package dev.panoptes.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    static UrlText of(String url) {
        List<String> placeholders = new ArrayList<>();
        String stripped = url.strip();
        String plain = mayHoldPlaceholder(stripped)
                ? PLACEHOLDERS.matcher(stripped).replaceAll(found -> {
                    placeholders.add(found.group());
                    return String.valueOf(PLACEHOLDER);
                })
                : stripped;
        // RFC 3986 appendix B: ^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?
        int end = first(plain, 0, ":/?#");
        boolean hasScheme = end > 0 && end < plain.length() && plain.charAt(end) == ':';
        String scheme = hasScheme ? plain.substring(0, end).toLowerCase(Locale.ROOT) : null;
        int next = hasScheme ? end + 1 : 0;
        String authority = null;
        if (plain.startsWith("//", next)) {
            int until = first(plain, next + 2, "/?#");
            authority = plain.substring(next + 2, until);
            next = until;
        }
        int until = first(plain, next, "?#");
        String path = plain.substring(next, until);
        return new UrlText(
                scheme, authority, path, placeholders.isEmpty() ? path : asWritten(plain, next, until, placeholders));
    }

    /** The index of the first of these characters; the length where there is none. */
    private static int first(String text, int from, String ends) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    /** Whether anything in it is what a placeholder begins with; most URLs hold none of that. */
    private static boolean mayHoldPlaceholder(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean twice = (c == '[' || c == '_') && i + 1 < text.length() && text.charAt(i + 1) == c;
            if (twice || c == '$' || c == '{' || c == '}' || c == '<' || c == '%' || c == '@' || c == '(' || c == '#') {
                return true;
            }
        }
        return false;
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
