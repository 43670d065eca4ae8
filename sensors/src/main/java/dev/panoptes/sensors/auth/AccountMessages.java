package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.auth.Draft.Action;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What useradd and its kin say (shadow 4.0 to 4.17, SUSE's pwdutils, busybox). Pure. */
final class AccountMessages {
    static final Set<String> PROGRAMS = Set.of(
            "useradd",
            "adduser",
            "userdel",
            "deluser",
            "usermod",
            "groupadd",
            "addgroup",
            "groupdel",
            "delgroup",
            "groupmod",
            "groupmems",
            "gpasswd",
            "passwd",
            "chpasswd",
            "chage",
            "chsh",
            "chfn",
            "newusers",
            "vipw",
            "usermod.local",
            "chgpasswd",
            "usernetctl",
            "accounts-daemon",
            "systemd-sysusers");

    private static final String QUOTED = "[`'\"](.*?)['\"]";
    private static final Pattern MEMBER = Pattern.compile(
            "(?:add|delete|remove|removed|added) " + QUOTED + " (?:to|from) (?:shadow )?group " + QUOTED + ".*",
            Pattern.DOTALL);
    private static final Pattern MEMBER_BY =
            Pattern.compile("user (\\S+) (?:added|removed) by (\\S+) (?:to|from) group (\\S+)", Pattern.DOTALL);
    private static final Pattern MEMBERS =
            Pattern.compile("(?:members|administrators) of group (\\S+) set by (\\S+) to (.*)", Pattern.DOTALL);
    private static final Pattern DELETED =
            Pattern.compile("(?:delete|deleted|remove|removed) user " + QUOTED + ".*", Pattern.DOTALL);
    private static final Pattern GROUP_GONE = Pattern.compile(
            "(?:(?:removed|remove|delete|deleted) (?:shadow )?group " + QUOTED + ".*|group " + QUOTED + " removed.*)",
            Pattern.DOTALL);
    private static final Pattern PASSWORD = Pattern.compile(
            "(?:change user " + QUOTED + " password|password for " + QUOTED
                    + " changed by " + QUOTED + "|password changed for (.*?)(?:, by=\\d+)?"
                    + "|[Pp]assword for (\\S+) (?:was )?changed by (\\S+))",
            Pattern.DOTALL);
    private static final Pattern CHANGED = Pattern.compile(
            "(?:change user(?: name)? " + QUOTED + " .*|(?:un)?lock user " + QUOTED + " .*|changed user " + QUOTED
                    + " .*|changed password expiry for (.*))",
            Pattern.DOTALL);
    private static final Pattern GROUP_CHANGED = Pattern.compile(
            "(?:group changed in \\S+ \\(group ([^/,)]*).*|change group " + QUOTED
                    + ".*|[Pp]assword (?:of|for) group (\\S+) (?:changed|removed) by (\\S+))",
            Pattern.DOTALL);
    private static final Pattern CREATING = Pattern.compile(
            "Creating (user|group) " + QUOTED + "(?: \\(.*\\))? with (?:UID (\\d+)|GID (\\d+)).*", Pattern.DOTALL);
    private static final Pattern FAILED =
            Pattern.compile("failed (adding|deleting|changing) (user|group) " + QUOTED + ".*", Pattern.DOTALL);

    private AccountMessages() {}

    static @Nullable Draft read(String program, String text) {
        Draft draft = told(text);
        return draft == null ? null : draft.put("auth.service", program);
    }

    private static @Nullable Draft told(String text) {
        if (text.startsWith("new user: ") || text.startsWith("new account added")) {
            String name = first(text, "name", "account");
            return new Draft(Action.USER_CREATED)
                    .user(name)
                    .target(name)
                    .put("user.target.id", first(text, "UID", "uid"))
                    .put("auth.tty", tty(first(text, "from", "from")));
        }
        if (text.startsWith("new group: ")
                || text.startsWith("group added to ")
                || text.startsWith("new group added")) {
            return new Draft(Action.GROUP_CREATED)
                    .put("group.name", first(text, "name", "group"))
                    .put("group.id", first(text, "GID", "gid"));
        }
        if (text.startsWith("account deleted")) {
            String name = first(text, "account", "name");
            return new Draft(Action.USER_DELETED).user(name).target(name);
        }
        Matcher member = MEMBER.matcher(text);
        if (member.matches()) {
            return new Draft(Action.GROUP_CHANGED).target(member.group(1)).put("group.name", member.group(2));
        }
        Matcher by = MEMBER_BY.matcher(text);
        if (by.matches()) {
            return new Draft(Action.GROUP_CHANGED)
                    .user(by.group(2))
                    .target(by.group(1))
                    .put("group.name", by.group(3));
        }
        Matcher members = MEMBERS.matcher(text);
        if (members.matches()) {
            return new Draft(Action.GROUP_CHANGED)
                    .user(members.group(2))
                    .target(members.group(3))
                    .put("group.name", members.group(1));
        }
        Matcher deleted = DELETED.matcher(text);
        if (deleted.matches()) {
            return new Draft(Action.USER_DELETED).user(deleted.group(1)).target(deleted.group(1));
        }
        Matcher gone = GROUP_GONE.matcher(text);
        if (gone.matches()) {
            return new Draft(Action.GROUP_DELETED)
                    .put("group.name", gone.group(1) == null ? gone.group(2) : gone.group(1));
        }
        return changes(text);
    }

    private static @Nullable Draft changes(String text) {
        Matcher password = PASSWORD.matcher(text);
        if (password.matches()) {
            String name = any(password, 1, 2, 4, 5);
            String actor = any(password, 3, 6);
            return new Draft(Action.PASSWORD_CHANGED)
                    .user(actor == null ? name : actor)
                    .target(name);
        }
        Matcher changed = CHANGED.matcher(text);
        if (changed.matches()) {
            String name = any(changed, 1, 2, 3, 4);
            return new Draft(Action.USER_CHANGED).user(name).target(name);
        }
        Matcher group = GROUP_CHANGED.matcher(text);
        if (group.matches()) {
            return new Draft(Action.GROUP_CHANGED)
                    .put("group.name", any(group, 1, 2, 3))
                    .user(any(group, 4));
        }
        Matcher creating = CREATING.matcher(text);
        if (creating.matches()) {
            return creating.group(1).equals("user")
                    ? new Draft(Action.USER_CREATED)
                            .user(creating.group(2))
                            .target(creating.group(2))
                            .put("user.target.id", creating.group(3))
                    : new Draft(Action.GROUP_CREATED)
                            .put("group.name", creating.group(2))
                            .put("group.id", creating.group(4));
        }
        Matcher failed = FAILED.matcher(text);
        if (failed.matches()) {
            boolean user = failed.group(2).equals("user");
            Action action = switch (failed.group(1)) {
                case "adding" -> user ? Action.USER_CREATED : Action.GROUP_CREATED;
                case "deleting" -> user ? Action.USER_DELETED : Action.GROUP_DELETED;
                default -> user ? Action.USER_CHANGED : Action.GROUP_CHANGED;
            };
            Draft draft = new Draft(action).failed();
            return user
                    ? draft.user(failed.group(3)).target(failed.group(3))
                    : draft.put("group.name", failed.group(3));
        }
        return null;
    }

    private static @Nullable String any(Matcher matcher, int... groups) {
        for (int group : groups) {
            if (matcher.group(group) != null) {
                return Words.bare(matcher.group(group));
            }
        }
        return null;
    }

    private static @Nullable String tty(@Nullable String from) {
        return from == null || from.equals("none") ? null : from;
    }

    private static @Nullable String first(String text, String key, String otherKey) {
        String value = Words.value(text, key, ", ");
        return value != null ? Words.bare(value) : Words.value(text, otherKey, ", ");
    }
}
