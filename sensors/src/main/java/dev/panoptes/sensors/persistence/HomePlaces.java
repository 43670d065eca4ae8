package dev.panoptes.sensors.persistence;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in the homes of users: keys, ssh, git, mail. */
final class HomePlaces {
    private static final Pattern KEY = Pattern.compile(
            "^(?<options>.*?)\\s*\\b(?<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+|ssh-rsa)\\s+(?<key>[A-Za-z0-9+/=]{16,})\\s*(?<comment>.*)$");
    private static final Pattern COMMAND = Pattern.compile("command=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern SSH_LINE = Pattern.compile(
            "(?i)^(?<name>ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand|Include|ProxyUseFdpass|SecurityKeyProvider|PKCS11Provider|Match\\s+.*\\bexec)\\b[\\s=]+(?<run>.*)$");
    private static final Pattern SSHD_LINE = Pattern.compile(
            "(?i)^(?<name>AuthorizedKeysCommand|AuthorizedPrincipalsCommand|ForceCommand|AuthorizedKeysFile|TrustedUserCAKeys|Include|Subsystem|PermitUserEnvironment|ExposeAuthInfo|PermitRootLogin|PermitEmptyPasswords)\\b[\\s=]+(?<run>.*)$");
    private static final Pattern GIT_LINE = Pattern.compile(
            "(?i)^(?<name>hooksPath|fsmonitor|sshCommand|gitProxy|editor|pager|askPass|textconv|command|external|clean|smudge|process|driver|helper|program|uploadpack|receivepack|vcs|[\\w-]+)\\s*=\\s*(?<run>.*)$");
    private static final List<String> GIT_RUNS = List.of(
            "core.hookspath",
            "core.fsmonitor",
            "core.sshcommand",
            "core.gitproxy",
            "core.editor",
            "core.pager",
            "core.askpass",
            "sequence.editor",
            "gpg.program",
            "diff.external",
            "credential.helper");
    private static final List<String> GIT_RUNS_ANY = List.of(
            "textconv",
            "clean",
            "smudge",
            "process",
            "driver",
            "cmd",
            "program",
            "command",
            "uploadpack",
            "receivepack");
    private static final int REPOSITORY_DEPTH = 4;

    private HomePlaces() {}

    static void authorizedKeys(Tree tree, Consumer<Entry> found) {
        tree.homes().forEach((home, user) -> {
            for (String path : tree.glob(home + "/.ssh/authorized_keys*")) {
                keys(tree, path, user, found);
            }
        });
        for (String path : tree.glob("/etc/ssh/authorized_keys/*")) {
            keys(tree, path, FilePlaces.name(path), found);
        }
        for (String path : tree.glob("/etc/ssh/authorized_keys.d/*")) {
            keys(tree, path, FilePlaces.name(path), found);
        }
        // dropbear(8)
        for (String path : tree.glob("/etc/dropbear/authorized_keys")) {
            keys(tree, path, "root", found);
        }
    }

    private static void keys(Tree tree, String path, String user, Consumer<Entry> found) {
        if (!tree.isFile(path)) {
            return;
        }
        for (Tree.Line line : tree.lines(path)) {
            Matcher matcher = KEY.matcher(line.text());
            if (!matcher.matches()) {
                continue;
            }
            String comment = matcher.group("comment").strip();
            String key = matcher.group("key");
            Matcher command = COMMAND.matcher(matcher.group("options"));
            found.accept(Entry.ofLine(
                            "ssh_authorized_key",
                            comment.isEmpty()
                                    ? matcher.group("type") + " " + key.substring(Math.max(0, key.length() - 16))
                                    : comment,
                            path,
                            line.number(),
                            line.text())
                    .runs(command.find() ? command.group(1).replace("\\\"", "\"") : null)
                    .user(user)
                    // sshd(8) reads authorized_keys and authorized_keys2 unless it is told otherwise.
                    .enabled(!FilePlaces.name(path).matches("authorized_keys.*\\W.*")));
        }
    }

    static void sshConfig(Tree tree, Consumer<Entry> found) {
        for (String glob : List.of("/etc/ssh/ssh_config", "/etc/ssh/ssh_config.d/*.conf")) {
            for (String path : tree.glob(glob)) {
                FilePlaces.lines(tree, "ssh_config", null, SSH_LINE, path, found);
            }
        }
        tree.homes().forEach((home, user) -> {
            for (String path : tree.glob(home + "/.ssh/config")) {
                FilePlaces.lines(tree, "ssh_config", user, SSH_LINE, path, found);
            }
        });
    }

    static void sshdConfig(Tree tree, Consumer<Entry> found) {
        for (String glob : List.of("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/*.conf")) {
            for (String path : tree.glob(glob)) {
                FilePlaces.lines(tree, "sshd_config", "root", SSHD_LINE, path, found);
            }
        }
    }

    /** Hooks of repositories in homes and where programs are kept, and of the folders that git config names. */
    static void gitHooks(Tree tree, Consumer<Entry> found) {
        repositories(tree).forEach((repository, user) -> {
            for (String path : tree.files(repository + "/hooks")) {
                if (FilePlaces.isMeant(path)) {
                    found.accept(Entry.ofFile("git_hook", FilePlaces.name(path), path, tree.digest(path))
                            .runs(path)
                            .user(user)
                            .enabled(tree.isExecutable(path)));
                }
            }
        });
        for (String path : tree.glob("/usr/share/git-core/templates/hooks/*")) {
            if (FilePlaces.isMeant(path) && tree.isFile(path)) {
                found.accept(Entry.ofFile("git_hook", FilePlaces.name(path), path, tree.digest(path))
                        .runs(path)
                        .enabled(tree.isExecutable(path)));
            }
        }
    }

    static void gitConfig(Tree tree, Consumer<Entry> found) {
        git(tree, "/etc/gitconfig", "", found);
        tree.homes().forEach((home, user) -> {
            git(tree, home + "/.gitconfig", user, found);
            git(tree, home + "/.config/git/config", user, found);
        });
        repositories(tree).forEach((repository, user) -> git(tree, repository + "/config", user, found));
    }

    private static void git(Tree tree, String path, String user, Consumer<Entry> found) {
        if (!tree.isFile(path)) {
            return;
        }
        String section = "";
        for (Tree.Line line : tree.lines(path)) {
            String text = line.text();
            if (text.startsWith("[")) {
                int end = text.indexOf(']');
                section = text.substring(1, end < 0 ? text.length() : end).strip();
                text = end < 0 ? "" : text.substring(end + 1).strip();
            }
            Matcher matcher = GIT_LINE.matcher(text);
            if (!matcher.matches()) {
                continue;
            }
            String kind = section.split("[\\s\"]", 2)[0].toLowerCase(java.util.Locale.ROOT);
            String key = matcher.group("name").toLowerCase(java.util.Locale.ROOT);
            String value = FilePlaces.unquoted(matcher.group("run"));
            boolean runs = GIT_RUNS.contains(kind + "." + key)
                    || GIT_RUNS_ANY.contains(key)
                    || (kind.equals("alias") && value.startsWith("!"))
                    || (kind.equals("include") && key.equals("path"))
                    || (kind.equals("includeif") && key.equals("path"))
                    || (kind.equals("credential") && key.equals("helper"));
            if (runs && !value.isEmpty() && !value.equals("false")) {
                found.accept(Entry.ofLine(
                                "git_config", section + "." + matcher.group("name"), path, line.number(), line.text())
                        .runs(value)
                        .user(user));
            }
        }
    }

    /** User by repository directory. */
    private static Map<String, String> repositories(Tree tree) {
        Map<String, String> all = new java.util.LinkedHashMap<>();
        tree.homes().forEach((home, user) -> {
            if (!home.equals("/")
                    && !home.startsWith("/usr")
                    && !home.startsWith("/var/lib")
                    && !home.startsWith("/bin")
                    && !home.startsWith("/dev")
                    && !home.startsWith("/proc")
                    && !home.startsWith("/run")) {
                search(tree, home, user, REPOSITORY_DEPTH, all);
            }
        });
        for (String directory : List.of("/opt", "/srv", "/var/www", "/usr/local/src")) {
            search(tree, directory, "", REPOSITORY_DEPTH, all);
        }
        return all;
    }

    private static void search(Tree tree, String directory, String user, int levels, Map<String, String> all) {
        List<String> names = tree.names(directory);
        if (names.contains("HEAD") && names.contains("hooks") && names.contains("objects")) {
            all.putIfAbsent(directory, user);
            return;
        }
        if (names.contains(".git") && tree.isDirectory(directory + "/.git")) {
            all.putIfAbsent(directory + "/.git", user);
        }
        if (levels == 0) {
            return;
        }
        for (String name : names) {
            String inner = directory + "/" + name;
            boolean hidden = name.startsWith(".") && !name.equals(".config") && !name.equals(".dotfiles");
            if (!hidden && !name.equals("node_modules") && tree.isDirectory(inner) && !tree.isLink(inner)) {
                search(tree, inner, user, levels - 1, all);
            }
        }
    }

    static void forward(Tree tree, Consumer<Entry> found) {
        for (String path : List.of("/etc/aliases", "/etc/mail/aliases", "/etc/postfix/aliases")) {
            FilePlaces.lines(
                    tree,
                    "mail_alias",
                    null,
                    Pattern.compile("^(?<name>[^:]+):\\s*(?<run>.*(?:\\||:include:).*)$"),
                    path,
                    found);
        }
        tree.homes().forEach((home, user) -> {
            FilePlaces.lines(tree, "mail_alias", user, Pattern.compile("^(?<run>.*\\|.*)$"), home + "/.forward", found);
            FilePlaces.lines(
                    tree, "mail_alias", user, Pattern.compile("^(?<run>\\s*\\|.*)$"), home + "/.procmailrc", found);
        });
        FilePlaces.lines(
                tree, "mail_alias", null, Pattern.compile("\\bargv=(?<run>.*)$"), "/etc/postfix/master.cf", found);
    }
}
