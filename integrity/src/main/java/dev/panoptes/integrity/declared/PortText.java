package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.integrity.declared.NamedPlaces.Kind;
import dev.panoptes.integrity.declared.NamedPlaces.Place;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One text of those that {@link PortSearch} searches: loops find what looks like a port, patterns say what the line makes of it. */
final class PortText {
    private static final int LONGEST_LINE = 1_000;
    private static final int LONGEST_HOST = 100;
    private static final int LOWEST = 80;
    private static final int LARGEST_PORT = 65_535;
    private static final int LINES_BESIDE = 3;
    /** How far a number may stand behind the end of its key. */
    private static final int FURTHEST = 30;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "host.docker.internal");

    private final PortSearch search;

    private final String file;
    private final String text;
    private final Kind kind;
    /** The line in which the last place was, and where that begins: places come in order. */
    private int line = 1;

    private int counted;
    /** Whether the file is a part of the fleet; null while nobody has asked. */
    private @Nullable Boolean counts;

    PortText(PortSearch search, String file, String text, Kind kind) {
        this.search = search;
        this.file = file;
        this.text = text;
        this.kind = kind;
    }

    /** Adds the places of the text to those that were found. */
    void places() {
        addresses();
        if (kind == Kind.SOURCE) {
            // Where a program keeps hosts and ports apart, it has a file of settings, or they are its own.
            return;
        }
        line = 1;
        counted = 0;
        pairs("ort");
        line = 1;
        counted = 0;
        pairs("ORT");
        if (kind == Kind.HOST && (text.contains("nc ") || text.contains(" -h") || text.contains("--host"))) {
            named(PortWords.WORDS);
        }
        if (text.contains("port-forward") || text.contains("erver=")) {
            named(PortWords.FORWARDED);
        }
        inside();
        exposed();
    }

    private void addresses() {
        int last = text.length() - 1;
        for (int at = text.indexOf(':'); at >= 0 && at < last; at = text.indexOf(':', at + 1)) {
            if (PortLetters.isDigit(text.charAt(at + 1)) && at > 0 && PortLetters.isOfHost(text.charAt(at - 1))) {
                address(at);
            }
        }
    }

    private void address(int colon) {
        int end = colon + 1;
        while (end < text.length() && PortLetters.isDigit(text.charAt(end))) {
            end++;
        }
        int start = colon;
        while (start > 0 && colon - start < LONGEST_HOST && PortLetters.isOfHost(text.charAt(start - 1))) {
            start--;
        }
        boolean ends = end == text.length() || !(PortLetters.isOfWord(text.charAt(end)) || text.charAt(end) == ':');
        char before = start == 0 ? ' ' : text.charAt(start - 1);
        boolean url = before == '/' && start > 1 && text.charAt(start - 2) == '/';
        if (!ends || end - colon > 6 || (!url && before != '@' && PortLetters.isOfPath(before))) {
            return;
        }
        boolean six = text.startsWith("[::1]", Math.max(0, colon - 5));
        String host = six ? NamedPlaces.LOCAL : host(text.substring(start, colon));
        if (host != null) {
            add(host, Integer.parseInt(text, colon + 1, end, 10), start, url, null);
        }
    }

    /** A port and, in the same line or near it, the host that belongs to it. */
    private void pairs(String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 3)) {
            int after = at + (text.startsWith("_value", at + 3) ? 9 : 3);
            int begin = after;
            while (after < text.length() && after < begin + FURTHEST && PortLetters.isBetween(text.charAt(after))) {
                after++;
            }
            if (after > begin && after < text.length() && PortLetters.isDigit(text.charAt(after))) {
                pair(at);
            }
        }
    }

    private void pair(int at) {
        int from = startOfLine(at);
        int to = endOfLine(at);
        if (from < 0 || to < 0 || isOwn(at) || !search.mayLook()) {
            return;
        }
        Matcher port = PortWords.PORT.matcher(text.substring(from, to));
        while (port.find()) {
            if (from + port.end() > at) {
                String prefix = port.group(1) == null ? "" : port.group(1);
                boolean given =
                        isCode() && search.given().anywhere().contains((prefix + "port").toUpperCase(Locale.ROOT));
                String beside = given ? null : beside(from, to, prefix);
                if (beside == null
                        && !given
                        && PortWords.OUTER
                                .matcher(text.substring(from, from + port.start()))
                                .find()) {
                    beside = beside(from, to, "");
                }
                String owner = given || beside != null ? null : owner(from, prefix);
                int number = Integer.parseInt(port.group(2));
                if (beside != null && !beside.isEmpty()) {
                    add(beside, number, from + port.start(2), true, prefix.isEmpty() ? "" : prefix + "HOST");
                } else if (owner != null) {
                    add(owner, number, from + port.start(2), true, NamedPlaces.PORT);
                }
                return;
            }
        }
    }

    /** {@code PORT} alone, which is what the program itself is to bind. */
    private boolean isOwn(int at) {
        boolean alone = at < 2 || !(PortLetters.isOfWord(text.charAt(at - 2)) || text.charAt(at - 2) == '.');
        return alone && text.charAt(at) == 'O';
    }

    /** The host of the same prefix in the lines around; empty for one that is nobody's, null where there is none. */
    private @Nullable String beside(int from, int to, String prefix) {
        int end = to;
        for (int i = 0; i < LINES_BESIDE && end < text.length() && endOfLine(end + 1) >= 0; i++) {
            end = endOfLine(end + 1);
        }
        Matcher host = PortWords.HOST.matcher(text.substring(above(from), end));
        String told = null;
        while (host.find()) {
            String own = host.group(1) == null ? "" : host.group(1);
            if (own.equalsIgnoreCase(prefix)) {
                boolean set =
                        isCode() && search.given().anywhere().contains((prefix + "host").toUpperCase(Locale.ROOT));
                String name = set ? null : host(host.group(2));
                if (name != null
                        && (!name.equals(NamedPlaces.LOCAL)
                                || PortWords.OF_SERVER.matcher(prefix).matches())) {
                    return name;
                }
                told = "";
            }
        }
        return told;
    }

    private int above(int from) {
        int begin = from;
        for (int i = 0; i < LINES_BESIDE && begin > 0 && startOfLine(begin - 1) >= 0; i++) {
            begin = startOfLine(begin - 1);
        }
        return begin;
    }

    /** Whose port it is by its key: {@code ORDERS_PORT}, or {@code port} below {@code orders}. */
    private @Nullable String owner(int from, String prefix) {
        if (kind != Kind.SETTING && kind != Kind.COMPOSE) {
            return null;
        }
        if (!prefix.isEmpty()) {
            String name = prefix.substring(0, prefix.length() - 1).toLowerCase(Locale.ROOT);
            return named(name.endsWith("_service") ? name.substring(0, name.length() - 8) : name);
        }
        if (kind == Kind.COMPOSE || from == 0) {
            return null;
        }
        String[] lines = text.substring(above(from), from - 1).split("\n", -1);
        for (int i = lines.length - 1; i >= Math.max(0, lines.length - 2); i--) {
            Matcher head = PortWords.HEAD.matcher(lines[i]);
            if (head.matches()) {
                return named(head.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return null;
    }

    private @Nullable String named(String name) {
        return search.called().test(name)
                ? name
                : search.called().test(name.replace('_', '-')) ? name.replace('_', '-') : null;
    }

    private void named(Pattern pattern) {
        line = 1;
        counted = 0;
        Matcher word = pattern.matcher(text);
        while (word.find()) {
            boolean first = word.group(1) != null;
            String host = host(first ? word.group(1) : word.group(3));
            if (host != null) {
                place(host, Integer.parseInt(first ? word.group(2) : word.group(4)), word.start(), "");
            }
        }
    }

    private void inside() {
        String name = PathNames.last(file);
        boolean fly = FlyFiles.isCalledSo(name);
        // Objects of Kubernetes have readers, also where they are only patches, and what charts make of values is told
        // as unread.
        boolean cluster = name.endsWith("ml") && (name.startsWith("values") || text.contains("kind:"));
        boolean perhaps = kind != Kind.COMPOSE
                && kind != Kind.SOURCE
                && !cluster
                && (text.contains("ontainer")
                        || text.contains("_port")
                        || text.contains("argetPort")
                        || text.contains(" run "));
        line = 1;
        counted = 0;
        if (!perhaps && !fly) {
            return;
        }
        Matcher port = (fly ? PortWords.OF_FLY : PortWords.INSIDE).matcher(text);
        while (port.find()) {
            int group = fly || port.group(1) != null ? 1 : 2;
            place(NamedPlaces.LOCAL, Integer.parseInt(port.group(group)), port.start(group), NamedPlaces.INSIDE);
        }
    }

    /** What compose says that a container opens, which opens nothing. */
    private void exposed() {
        line = 1;
        counted = 0;
        if (kind != Kind.COMPOSE || !text.contains("expose")) {
            return;
        }
        Matcher list = PortWords.EXPOSED.matcher(text);
        while (list.find()) {
            Matcher number = PortWords.NUMBER.matcher(list.group(1));
            while (number.find()) {
                place(
                        NamedPlaces.LOCAL,
                        Integer.parseInt(number.group(1)),
                        list.start(1) + number.start(1),
                        NamedPlaces.INSIDE);
            }
        }
    }

    /** As it is called in the fleet; null for a name of others. */
    private @Nullable String host(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        if (LOOPBACK.contains(lower)) {
            return NamedPlaces.LOCAL;
        }
        if (search.called().test(lower)) {
            return lower;
        }
        int service = lower.indexOf(".svc");
        String first = service < 0 ? lower : lower.substring(0, lower.indexOf('.'));
        return service > 0 && search.called().test(first) ? first : null;
    }

    /** @param key what the place is the value of; null to find it in what stands before it */
    private void add(String host, int port, int start, boolean url, @Nullable String key) {
        int from = startOfLine(start);
        int to = endOfLine(start);
        if (from < 0 || to < 0 || !counts(host, port) || !search.mayLook()) {
            return;
        }
        String whole = text.substring(from, to);
        String before = text.substring(from, start);
        boolean local = host.equals(NamedPlaces.LOCAL);
        boolean code = isCode();
        boolean quoted = url || before.isEmpty() || "\"'`,=@(".indexOf(before.charAt(before.length() - 1)) >= 0;
        if ((code && (local ? !url : !quoted))
                || PortWords.ELSEWHERE.matcher(whole).find()
                || PortWords.PRINTED.matcher(before).find()
                || (key == null
                        && (PortWords.CALLER.matcher(before).find()
                                || (local
                                        && !isDestination(before)
                                        && PortWords.OWN.matcher(before).find())))) {
            return;
        }
        String variable = key == null ? variable(before, code) : key;
        boolean set = code
                ? search.given().anywhere().contains(variable) || isDefault(before)
                : before.contains("${")
                        && (kind == Kind.SETTING
                                        ? search.given().anywhere()
                                        : search.given().inFiles())
                                .contains(variable);
        if (!set) {
            place(host, port, start, variable);
        }
    }

    /** The address of what YARP leads to, and not of the proxy itself. */
    private boolean isDestination(String before) {
        return before.contains("\"Address\"") && text.contains("\"Destinations\"");
    }

    /** What a program takes where a variable is not set that the tree sets, however the program asks for it. */
    private boolean isDefault(String before) {
        Matcher word = PortWords.VARIABLE.matcher(before);
        while (word.find()) {
            if (search.given().anywhere().contains(word.group())) {
                return true;
            }
        }
        return false;
    }

    private void place(String host, int port, int start, String variable) {
        int from = startOfLine(start);
        int to = endOfLine(start);
        boolean local = host.equals(NamedPlaces.LOCAL);
        boolean left = variable.equals(NamedPlaces.INSIDE)
                ? !search.judged().isManifest(file)
                : !search.judged().given(variable, host, port)
                        // What one service is told of its loopback says nothing of what another is told.
                        && ((kind == Kind.COMPOSE && local && !variable.isEmpty()) || counts(host, port));
        if (left
                && from >= 0
                && to >= 0
                && port >= LOWEST
                && port <= LARGEST_PORT
                && counts()
                && !PortLetters.isComment(text.substring(from, to), text.substring(from, start))) {
            boolean held = local && mayBeHeld() && search.containers().holds(file);
            search.add(new Place(file, line(from), host, port, kind, variable, held));
        }
    }

    private boolean counts(String host, int port) {
        return port >= LOWEST && port <= LARGEST_PORT && !search.judged().contains(file, host, port);
    }

    private boolean counts() {
        Boolean known = counts;
        if (known == null) {
            known = !SettingsFiles.isApart(file);
            counts = known;
        }
        return known;
    }

    private boolean mayBeHeld() {
        return kind == Kind.SETTING || kind == Kind.SOURCE || (kind == Kind.HOST && !file.endsWith(".service"));
    }

    private boolean isCode() {
        return kind == Kind.SOURCE || SettingsFiles.isSource(file);
    }

    private String variable(String before, boolean code) {
        String variable = "";
        Matcher read = PortWords.READ.matcher(before);
        while (read.find()) {
            variable = read.group(1);
        }
        Matcher key = PortWords.KEY.matcher(before);
        if (variable.isEmpty() && key.find()) {
            return code ? key.group(1).toUpperCase(Locale.ROOT) : key.group(1);
        }
        return variable.isEmpty() ? before.substring(before.lastIndexOf(' ') + 1) : variable;
    }

    private int line(int from) {
        for (int at = counted; at < from; at++) {
            if (text.charAt(at) == '\n') {
                line++;
            }
        }
        counted = Math.max(counted, from);
        return line;
    }

    /** -1 where the line is longer than a person writes. */
    private int startOfLine(int at) {
        int start = at;
        while (start > 0 && text.charAt(start - 1) != '\n') {
            start--;
            if (at - start > LONGEST_LINE) {
                return -1;
            }
        }
        return start;
    }

    /** -1 where the line is longer than a person writes. */
    private int endOfLine(int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) != '\n') {
            end++;
            if (end - at > LONGEST_LINE) {
                return -1;
            }
        }
        return end;
    }
}
