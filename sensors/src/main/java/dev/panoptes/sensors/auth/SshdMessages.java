package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.auth.Draft.Action;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What OpenSSH's server says, from its sources 3.x to 10.x. Pure. */
final class SshdMessages {
    private static final String PREAUTH = " [preauth]";
    private static final Pattern NOT_ALLOWED =
            Pattern.compile("User (.*?)(?: from (\\S+))? not allowed because .*", Pattern.DOTALL);
    private static final Pattern TRIED = Pattern.compile(
            "Authentication tried for (.*) with (?:valid certificate|correct key) but not from a permitted host"
                    + " \\(host=([^,]*), ip=([^,)]*).*",
            Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile(
            "(?:Accepted|Found matching) (?:key )?(\\S+)(?: key:?)?"
                    + " ?(SHA256:\\S+|MD5:\\S+|(?:[0-9a-f]{2}:){15}[0-9a-f]{2})?.*",
            Pattern.DOTALL);
    private static final Pattern DROPPED =
            Pattern.compile("drop connection #\\d+ from \\[?([^\\]\\s]+)\\]?:(\\d+) on .*", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("(\\S+?)(?: port (\\d+))?(?:[:,]? .*)?", Pattern.DOTALL);

    private SshdMessages() {}

    static @Nullable Draft read(String text) {
        boolean before = text.endsWith(PREAUTH);
        String message = before ? text.substring(0, text.length() - PREAUTH.length()) : text;
        boolean fatal = message.startsWith("fatal: ");
        if (fatal) {
            message = message.substring(7);
        } else if (message.startsWith("error: ")) {
            message = message.substring(7);
        }
        Draft draft = told(message, before);
        if (draft == null && fatal && before) {
            draft = new Draft(Action.CONNECTION_REFUSED); // it ended before anybody had logged in
        }
        return draft == null ? null : draft.service("sshd");
    }

    private static @Nullable Draft told(String text, boolean before) {
        if (text.isEmpty()) {
            return null;
        }
        return switch (text.charAt(0)) {
            case 'A' -> accepted(text);
            case 'F' -> text.startsWith("Failed ") ? method(Action.LOGIN_FAILED, text.substring(7)) : found(text);
            case 'I', 'i' -> invalid(text);
            case 'C' -> connection(text, before);
            case 'D' -> disconnected(text, before);
            case 'R' -> received(text, before);
            case 'm' -> maximum(text);
            case 'P' -> pam(text);
            case 'U' -> user(text);
            case 'T' -> timeout(text);
            default -> other(text);
        };
    }

    /** {@code METHOD for USER from ...}. */
    private static @Nullable Draft method(Action action, String text) {
        int end = text.indexOf(" for ");
        Words.Tail tail = Words.from(text);
        if (end < 0 || tail == null || tail.before().length() < end + 5) {
            return null;
        }
        Draft draft = new Draft(action).put("auth.method", text.substring(0, end));
        name(draft, tail.before().substring(end + 5));
        draft.from(tail.host()).port(tail.port());
        key(draft, tail.rest());
        return draft;
    }

    private static void name(Draft draft, String name) {
        String invalid =
                name.startsWith("invalid user ") || name.startsWith("illegal user ") ? name.substring(13) : null;
        draft.user(invalid == null ? name : invalid);
        if (invalid != null) {
            draft.put("auth.invalid_user", true);
        }
    }

    /** {@code RSA SHA256:...}, {@code RSA-CERT ID x (serial 0) CA RSA SHA256:...}. */
    private static void key(Draft draft, String text) {
        int blank = text.indexOf(' ');
        if (blank <= 0) {
            return;
        }
        draft.put("auth.key_type", text.substring(0, blank));
        for (String word : text.substring(blank + 1).split(" ", 64)) {
            if (word.startsWith("SHA256:")
                    || word.startsWith("MD5:")
                    || word.matches("([0-9a-f]{2}:){15}[0-9a-f]{2}")) {
                draft.put("auth.key_fingerprint", word);
                return;
            }
        }
    }

    private static @Nullable Draft accepted(String text) {
        if (text.startsWith("Accepted key ") || text.startsWith("Accepted certificate ")) {
            return found(text);
        }
        if (text.startsWith("Accepted ")) {
            return method(Action.LOGIN, text.substring(9));
        }
        if (text.startsWith("Access denied for user ")) {
            int end = text.indexOf(" by ", 23);
            return new Draft(Action.LOGIN_FAILED).user(end < 0 ? text.substring(23) : text.substring(23, end));
        }
        Matcher tried = text.startsWith("Authentication tried") ? TRIED.matcher(text) : null;
        return tried != null && tried.matches()
                ? new Draft(Action.LOGIN_FAILED).user(tried.group(1)).from(tried.group(3))
                : null;
    }

    private static @Nullable Draft found(String text) {
        if (text.startsWith("Accepted certificate ")) {
            return new Draft(Action.KEY_ACCEPTED);
        }
        if (!text.startsWith("Accepted key ") && !(text.startsWith("Found matching ") && text.contains(" key"))) {
            return null;
        }
        Matcher key = KEY.matcher(text);
        return key.matches()
                ? new Draft(Action.KEY_ACCEPTED)
                        .put("auth.key_type", key.group(1))
                        .put("auth.key_fingerprint", key.group(2))
                : null;
    }

    private static @Nullable Draft invalid(String text) {
        if (text.startsWith("Invalid user ") || text.startsWith("Illegal user ")) {
            Words.Tail tail = Words.from(text.substring(12));
            if (tail != null) {
                return new Draft(Action.LOGIN_FAILED)
                        .user(tail.before().startsWith(" ") ? tail.before().substring(1) : tail.before())
                        .put("auth.invalid_user", true)
                        .from(tail.host())
                        .port(tail.port());
            }
        }
        return null;
    }

    /** {@code Connection closed by authenticating user USER ADDRESS port N}. */
    private static @Nullable Draft connection(String text, boolean before) {
        if (text.startsWith("Certificate invalid: ")) {
            return new Draft(Action.LOGIN_FAILED).put("auth.method", "publickey");
        }
        String rest = null;
        if (text.startsWith("closed by ", 11) || text.startsWith("reset by ", 11)) {
            rest = text.startsWith("Connection ") ? text.substring(text.indexOf(" by ") + 4) : null;
        }
        return rest == null ? null : ended(rest, before || isNobody(rest));
    }

    /**
     * True for {@code ADDRESS port N} alone: who is logged in is named since OpenSSH 7.6, so nobody was. Without a port it may be
     * an older one, which names nobody at any time.
     */
    private static boolean isNobody(String place) {
        Words.Tail tail = Words.named(place);
        return tail != null && tail.before().isEmpty();
    }

    private static @Nullable Draft disconnected(String text, boolean before) {
        if (text.startsWith("Disconnected from ")) {
            return ended(text.substring(18), before);
        }
        if (text.startsWith("Disconnecting ") && !text.startsWith("Disconnecting: ")) {
            return ended(text.substring(14), before);
        }
        if (text.startsWith("Disconnecting: ")) {
            Draft draft = new Draft(before ? Action.CONNECTION_REFUSED : Action.LOGOUT);
            int at = text.indexOf("Too many authentication failures for ");
            if (at >= 0) {
                draft = new Draft(Action.CONNECTION_REFUSED);
                name(draft, text.substring(at + 37));
            }
            return draft;
        }
        if (text.startsWith("Did not receive identification string from ")) {
            return refused(text.substring(43));
        }
        return null;
    }

    /** After the verb: {@code [authenticating |invalid ][user NAME ]ADDRESS[ port N][: reason]}. */
    private static Draft ended(String text, boolean before) {
        boolean authenticating = text.startsWith("authenticating user ");
        boolean invalid = text.startsWith("invalid user ");
        Draft draft = new Draft(before || authenticating || invalid ? Action.CONNECTION_REFUSED : Action.LOGOUT);
        int skip = authenticating ? 20 : invalid ? 13 : text.startsWith("user ") ? 5 : 0;
        Words.Tail tail = Words.named(text);
        if (tail != null) {
            if (skip > 0 && tail.before().length() > skip) {
                draft.user(tail.before().substring(skip));
            }
            // What has no address has the port 65535, which is -1.
            draft.from(tail.host()).port(tail.host().equals("UNKNOWN") ? null : tail.port());
        } else if (skip == 0) {
            place(draft, text);
        }
        return invalid ? draft.put("auth.invalid_user", true) : draft;
    }

    /** {@code ADDRESS[ port N]} and what follows. */
    private static void place(Draft draft, String text) {
        Matcher place = PORT.matcher(text);
        if (place.matches()) {
            draft.from(trimmed(place.group(1))).port(place.group(2));
        }
    }

    private static String trimmed(String host) {
        return host.endsWith(":") && dev.panoptes.sensors.replay.AddressLiteral.parse(host) == null
                ? host.substring(0, host.length() - 1)
                : host;
    }

    private static Draft refused(String place) {
        Draft draft = new Draft(Action.CONNECTION_REFUSED);
        place(draft, place);
        return draft;
    }

    private static @Nullable Draft received(String text, boolean before) {
        if (text.startsWith("Received disconnect from ")) {
            boolean failed = before || text.contains("Auth fail");
            Draft draft = new Draft(failed ? Action.CONNECTION_REFUSED : Action.LOGOUT);
            String rest = text.substring(25);
            int end = rest.indexOf(' ');
            String host = trimmed(end < 0 ? rest : rest.substring(0, end));
            draft.from(host);
            if (end > 0 && rest.startsWith(" port ", end)) {
                int digit = end + 6;
                while (digit < rest.length() && Character.isDigit(rest.charAt(digit))) {
                    digit++;
                }
                draft.port(rest.substring(end + 6, digit));
            }
            return draft;
        }
        if (text.startsWith("ROOT LOGIN REFUSED FROM ")) {
            Draft draft = new Draft(Action.LOGIN_FAILED).user("root");
            place(draft, text.substring(24));
            return draft;
        }
        return null;
    }

    private static @Nullable Draft maximum(String text) {
        if (!text.startsWith("maximum authentication attempts exceeded for ")) {
            return null;
        }
        Words.Tail tail = Words.from(text.substring(44));
        if (tail == null) {
            return null;
        }
        Draft draft = new Draft(Action.LOGIN_FAILED);
        name(draft, tail.before().substring(Math.min(1, tail.before().length())));
        return draft.from(tail.host()).port(tail.port());
    }

    /** {@code PAM: Authentication failure for USER from HOST}, {@code PAM 2 more authentication failures; ...}. */
    private static @Nullable Draft pam(String text) {
        if (text.startsWith("PAM: ")) {
            int end = text.indexOf(" for ");
            Words.Tail tail = Words.from(text);
            if (end < 0 || tail == null || tail.before().length() < end + 5) {
                return null;
            }
            Draft draft = new Draft(Action.LOGIN_FAILED);
            name(draft, tail.before().substring(end + 5));
            return draft.from(tail.host()).port(tail.port());
        }
        if (text.startsWith("PAM ") && text.contains(" more authentication failure")) {
            Draft draft = PamMessages.failure("sshd", text);
            String count = text.substring(4, Math.max(4, text.indexOf(' ', 4)));
            return count.matches("\\d{1,6}") ? draft.put("event.count", Long.valueOf(count)) : draft;
        }
        if (text.startsWith("Protocol major versions differ for ")) {
            return refused(text.substring(35));
        }
        return null;
    }

    private static @Nullable Draft user(String text) {
        if (text.startsWith("Unable to negotiate with ")) {
            return refused(text.substring(25));
        }
        Matcher refused = NOT_ALLOWED.matcher(text);
        return refused.matches()
                ? new Draft(Action.LOGIN_FAILED).user(refused.group(1)).from(refused.group(2))
                : null;
    }

    private static @Nullable Draft timeout(String text) {
        if (text.startsWith("Timeout before authentication for ")) {
            String rest = text.substring(34);
            return refused(rest.startsWith("connection from ") ? rest.substring(16) : rest);
        }
        if (text.startsWith("Timeout, client not responding from ")) {
            return ended(text.substring(36), false);
        }
        return null;
    }

    private static @Nullable Draft other(String text) {
        if (text.startsWith("Bad protocol version identification ")) {
            Words.Tail tail = Words.from(text);
            return tail == null
                    ? new Draft(Action.CONNECTION_REFUSED)
                    : refused(tail).port(tail.port());
        }
        if (text.startsWith("banner exchange: Connection from ")) {
            return refused(text.substring(33));
        }
        if (text.startsWith("ssh_dispatch_run_fatal: Connection from ")) {
            return fatal(text.substring(40));
        }
        if (text.startsWith("ssh_dispatch_run_fatal: Connection to ")) {
            return fatal(text.substring(38));
        }
        if (text.startsWith("scanned from ")) {
            return refused(text.substring(13)); // a probe by its banner, as releases before 9 tell it
        }
        if (text.startsWith("kex_exchange_identification: ")
                || text.startsWith("ssh_exchange_identification: ")
                || text.startsWith("no matching ")
                || text.startsWith("no hostkey alg")) {
            return new Draft(Action.CONNECTION_REFUSED);
        }
        if (text.startsWith("refused connect from ")) {
            String rest = text.substring(21);
            int open = rest.lastIndexOf('(');
            if (open > 0 && rest.endsWith(")")) {
                Draft draft = new Draft(Action.CONNECTION_REFUSED).from(rest.substring(open + 1, rest.length() - 1));
                String name = rest.substring(0, open).strip();
                return dev.panoptes.sensors.replay.AddressLiteral.parse(name) == null
                        ? draft.put("source.domain", name)
                        : draft;
            }
            return refused(rest);
        }
        Matcher dropped = DROPPED.matcher(text);
        return dropped.matches()
                ? new Draft(Action.CONNECTION_REFUSED).from(dropped.group(1)).port(dropped.group(2))
                : null;
    }

    /** {@code [authenticating |invalid ][user NAME ]ADDRESS port N: reason}, of a packet that could not be read or written. */
    private static Draft fatal(String text) {
        Words.Tail tail = Words.named(text);
        return tail == null || tail.before().isEmpty() ? refused(text) : ended(text, false);
    }

    private static Draft refused(Words.Tail tail) {
        return new Draft(Action.CONNECTION_REFUSED).from(tail.host());
    }
}
