package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.auth.Draft.Action;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What sudo, su, doas, pkexec and polkit say. Pure. */
final class PrivilegeMessages {
    private static final Pattern SU_FOR = Pattern.compile("(Successful|FAILED) su for (.*) by (.*)", Pattern.DOTALL);
    private static final Pattern SU_SIGN = Pattern.compile("([+-]) (\\S+) ([^:]*):(.*)", Pattern.DOTALL);
    private static final Pattern SU_OLD_SIGN = Pattern.compile("([+-]) (\\S+) (.*)-([^-:]*)", Pattern.DOTALL);
    private static final Pattern SU_TO = Pattern.compile("(FAILED SU )?\\(to (.*?)\\) (.*) on (.*)", Pattern.DOTALL);
    private static final Pattern SU_BSD = Pattern.compile("(BAD SU )?(\\S+) to (\\S+) on (\\S+)", Pattern.DOTALL);
    private static final Pattern DOAS_RAN =
            Pattern.compile("(\\S+) ran command (.*?) as (\\S+) from (.*)", Pattern.DOTALL);
    private static final Pattern DOAS_OLD = Pattern.compile("(\\S+) ran command as (\\S+): (.*)", Pattern.DOTALL);
    private static final Pattern DOAS_FAILED = Pattern.compile(
            "(?:failed auth|failed command|command not permitted) for (\\S+?)(?:: (.*))?", Pattern.DOTALL);
    private static final Pattern PKEXEC = Pattern.compile(
            "(.*?): (.*?) \\[USER=(.*?)\\] \\[TTY=(.*?)\\] \\[CWD=(.*?)\\] \\[COMMAND=(.*)\\]", Pattern.DOTALL);
    private static final Pattern POLKIT = Pattern.compile(
            "Operator of \\S+ (successfully authenticated as unix-user:(\\S+)|FAILED to authenticate) to gain .*"
                    + "for action (\\S+) for .*\\(owned by unix-user:(\\S+)\\)",
            Pattern.DOTALL);

    private PrivilegeMessages() {}

    /** {@code alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls}, with the reason of a refusal after the name. */
    static @Nullable Draft sudo(String text) {
        String message = text.stripLeading();
        int end = message.indexOf(" : ");
        int command = message.indexOf("COMMAND=");
        if (end <= 0 || command < end || message.startsWith("(command continued)", end + 3)) {
            return null;
        }
        String reason = null;
        Draft found = new Draft(Action.PRIVILEGE_USED);
        int at = end + 3;
        if (message.startsWith("HOST=", at)) { // sudo's own log file with log_host
            int host = message.indexOf(" : ", at);
            if (host < 0 || host > command) {
                return null;
            }
            at = host + 3;
        }
        boolean first = true;
        while (at < message.length()) {
            if (message.startsWith("COMMAND=", at)) {
                found.put("auth.command", message.substring(at + 8));
                break;
            }
            int next = partEnd(message, at, first);
            if (next < 0) {
                return null;
            }
            String part = message.substring(at, next);
            if (part.startsWith("TTY=")) {
                found.put("auth.tty", part.equals("TTY=unknown") ? null : part.substring(4));
            } else if (part.startsWith("PWD=")) {
                found.put("auth.working_directory", part.equals("PWD=unknown") ? null : part.substring(4));
            } else if (part.startsWith("USER=")) {
                found.target(part.substring(5));
            } else if (part.startsWith("GROUP=")) {
                found.put("group.name", part.substring(6));
            } else if (first && !isOption(part)) {
                reason = part;
            }
            first = false;
            at = next + 3;
        }
        found.user(message.substring(0, end)).service("sudo");
        return reason == null ? found : refused(found, reason);
    }

    /**
     * Where the part ends that begins here; -1 where it has no end. The reason of a refusal comes first; what has no name
     * behind it is the rest of a value that holds the mark itself, as the name of a directory may.
     */
    private static int partEnd(String message, int at, boolean first) {
        int next = message.indexOf(" ; ", at);
        while (next >= 0 && !(first && !isOption(message.substring(at, next))) && !isNamed(message, next + 3)) {
            next = message.indexOf(" ; ", next + 3);
        }
        return next;
    }

    private static boolean isNamed(String message, int at) {
        int equals = message.indexOf('=', at);
        return equals > at && isOption(message.substring(at, equals + 1));
    }

    private static boolean isOption(String part) {
        int equals = part.indexOf('=');
        return equals > 0 && part.substring(0, equals).chars().allMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static Draft refused(Draft found, String reason) {
        return found.as(Action.PRIVILEGE_REFUSED).put("event.reason", reason);
    }

    static @Nullable Draft su(String text) {
        Matcher plain = SU_FOR.matcher(text);
        if (plain.matches()) {
            return changed(plain.group(1).equals("Successful"), plain.group(3), plain.group(2), null);
        }
        Matcher sign = SU_SIGN.matcher(text);
        if (sign.matches()) {
            return changed(sign.group(1).equals("+"), sign.group(3), sign.group(4), sign.group(2));
        }
        Matcher oldSign = SU_OLD_SIGN.matcher(text);
        if (oldSign.matches()) {
            return changed(oldSign.group(1).equals("+"), oldSign.group(3), oldSign.group(4), oldSign.group(2));
        }
        Matcher to = SU_TO.matcher(text);
        if (to.matches()) {
            String tty = to.group(4).equals("none") ? null : to.group(4);
            return changed(to.group(1) == null, to.group(3), to.group(2), tty);
        }
        Matcher bsd = SU_BSD.matcher(text);
        return bsd.matches() ? changed(bsd.group(1) == null, bsd.group(2), bsd.group(3), bsd.group(4)) : null;
    }

    private static Draft changed(boolean done, String asking, String as, @Nullable String tty) {
        return new Draft(done ? Action.PRIVILEGE_USED : Action.PRIVILEGE_REFUSED)
                .user(asking)
                .target(as)
                .put("auth.tty", "?".equals(tty) || "???".equals(tty) ? null : tty)
                .service("su");
    }

    static @Nullable Draft doas(String text) {
        Matcher ran = DOAS_RAN.matcher(text);
        if (ran.matches()) {
            return new Draft(Action.PRIVILEGE_USED)
                    .user(ran.group(1))
                    .target(ran.group(3))
                    .put("auth.command", ran.group(2))
                    .put("auth.working_directory", ran.group(4))
                    .service("doas");
        }
        Matcher old = DOAS_OLD.matcher(text);
        if (old.matches()) {
            return new Draft(Action.PRIVILEGE_USED)
                    .user(old.group(1))
                    .target(old.group(2))
                    .put("auth.command", old.group(3))
                    .service("doas");
        }
        Matcher failed = DOAS_FAILED.matcher(text);
        return failed.matches()
                ? new Draft(Action.PRIVILEGE_REFUSED)
                        .user(failed.group(1))
                        .put("auth.command", failed.group(2))
                        .service("doas")
                : null;
    }

    static @Nullable Draft pkexec(String text) {
        Matcher matcher = PKEXEC.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Draft draft = new Draft(
                        matcher.group(2).startsWith("Executing command")
                                ? Action.PRIVILEGE_USED
                                : Action.PRIVILEGE_REFUSED)
                .user(matcher.group(1))
                .target(matcher.group(3))
                .put("auth.tty", matcher.group(4).equals("unknown") ? null : matcher.group(4))
                .put("auth.working_directory", matcher.group(5))
                .put("auth.command", matcher.group(6))
                .service("pkexec");
        return matcher.group(2).startsWith("Executing command") ? draft : draft.put("event.reason", matcher.group(2));
    }

    static @Nullable Draft polkit(String text) {
        Matcher matcher = POLKIT.matcher(text);
        return matcher.matches()
                ? new Draft(matcher.group(1).startsWith("FAILED") ? Action.PRIVILEGE_REFUSED : Action.PRIVILEGE_USED)
                        .user(matcher.group(4))
                        .target(matcher.group(2))
                        .put("auth.command", matcher.group(3))
                        .service("polkit")
                : null;
    }
}
