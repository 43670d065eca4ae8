package dev.panoptes.sensors.persistence;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What runs with the system: init, accounts, modules, containers, scripts of services. */
final class SystemPlaces {
    private static final Pattern INITTAB = Pattern.compile("^([^:]*):([^:]*):([^:]*):(.*)$");
    private static final Pattern SUDO = Pattern.compile(
            "^(?!Defaults|User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias|[@#]include)(?<who>\\S+)\\s+(?<rest>[^=]+=.*)$");
    private static final Pattern PAM =
            Pattern.compile("^-?(?<name>\\w+)\\s+(?<control>\\[[^]]*]|\\S+)\\s+(?<run>\\S+.*)$");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("^(?:export\\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(?<run>.*)$");

    private SystemPlaces() {}

    static void initScripts(Tree tree, Consumer<Entry> found) {
        Set<String> started = new LinkedHashSet<>();
        for (String glob : List.of("/etc/rc*.d/S*", "/etc/rc.d/rc*.d/S*")) {
            for (String path : tree.glob(glob)) {
                started.add(FilePlaces.name(path).replaceFirst("^S\\d*", ""));
            }
        }
        for (String directory : List.of("/etc/init.d", "/etc/rc.d/init.d")) {
            if (tree.isLink(directory)) {
                continue;
            }
            for (String path : tree.files(directory)) {
                String name = FilePlaces.name(path);
                if (FilePlaces.isMeant(path) && !name.equals("README") && !name.equals("functions")) {
                    found.accept(Entry.ofFile("init_script", name, path, tree.digest(path))
                            .runs(path)
                            .user("root")
                            .enabled(tree.isExecutable(path) && started.contains(name)));
                }
            }
        }
        for (String path : tree.glob("/etc/init/*.conf")) {
            found.accept(Entry.ofFile("init_script", FilePlaces.name(path), path, tree.digest(path))
                    .user("root"));
        }
        // Programs that stand in a runlevel themselves, and lead nowhere else.
        for (String glob : List.of("/etc/rc*.d/S*", "/etc/rc.d/rc*.d/S*", "/etc/runlevels/*/*")) {
            for (String path : tree.glob(glob)) {
                if (tree.isFile(path) && !tree.isLink(path)) {
                    found.accept(Entry.ofFile("init_script", FilePlaces.name(path), path, tree.digest(path))
                            .runs(path)
                            .user("root")
                            .enabled(tree.isExecutable(path)));
                }
            }
        }
    }

    static void inittab(Tree tree, Consumer<Entry> found) {
        for (Tree.Line line : tree.lines("/etc/inittab")) {
            Matcher matcher = INITTAB.matcher(line.text());
            if (matcher.matches() && !matcher.group(3).equals("initdefault")) {
                found.accept(Entry.ofLine("inittab", matcher.group(1), "/etc/inittab", line.number(), line.text())
                        .runs(matcher.group(4))
                        .user("root")
                        .schedule(matcher.group(2) + ":" + matcher.group(3))
                        .enabled(!matcher.group(3).equals("off")));
            }
        }
    }

    static void sudoers(Tree tree, Consumer<Entry> found) {
        sudoers(tree, "/etc/sudoers", found);
        for (String path : tree.files("/etc/sudoers.d")) {
            // sudoers(5): names that end in ~ or hold a dot are skipped.
            String name = FilePlaces.name(path);
            if (name.indexOf('.') < 0 && !name.endsWith("~")) {
                sudoers(tree, path, found);
            }
        }
    }

    private static void sudoers(Tree tree, String path, Consumer<Entry> found) {
        for (Tree.Line line : tree.lines(path, "# ")) {
            if (line.text().startsWith("#") && !line.text().matches("#\\d+\\s.*")) {
                continue;
            }
            Matcher matcher = SUDO.matcher(line.text());
            if (matcher.matches()) {
                found.accept(Entry.ofLine("sudoers", matcher.group("who"), path, line.number(), line.text())
                        .runs(matcher.group("rest"))
                        .user(matcher.group("who")));
            }
        }
    }

    static void pamStacks(Tree tree, Consumer<Entry> found) {
        for (String glob : List.of("/etc/pam.d/*", "/etc/pam.conf", "/usr/lib/pam.d/*")) {
            for (String path : tree.glob(glob)) {
                if (!FilePlaces.isMeant(path) || !tree.isFile(path)) {
                    continue;
                }
                for (Tree.Line line : tree.lines(path)) {
                    String text =
                            path.equals("/etc/pam.conf") ? line.text().replaceFirst("^\\S+\\s+", "") : line.text();
                    Matcher matcher = PAM.matcher(text);
                    if (matcher.matches() && !text.startsWith("@")) {
                        String module = matcher.group("run").split("\\s+", 2)[0];
                        found.accept(Entry.ofLine(
                                        "pam_stack",
                                        FilePlaces.name(path) + " " + matcher.group("name") + " " + module,
                                        path,
                                        line.number(),
                                        line.text())
                                .runs(matcher.group("run"))
                                .user("root"));
                    }
                }
            }
        }
    }

    static void environment(Tree tree, Consumer<Entry> found) {
        for (String glob : List.of(
                "/etc/environment",
                "/etc/environment.d/*.conf",
                "/usr/lib/environment.d/*.conf",
                "/run/environment.d/*.conf",
                "/etc/default/locale",
                "/etc/security/pam_env.conf")) {
            for (String path : tree.glob(glob)) {
                FilePlaces.lines(tree, "environment", null, ASSIGNMENT, path, found);
            }
        }
        tree.homes().forEach((home, user) -> {
            for (String glob : List.of("/.config/environment.d/*.conf", "/.pam_environment", "/.ssh/environment")) {
                for (String path : tree.glob(home + glob)) {
                    FilePlaces.lines(tree, "environment", user, ASSIGNMENT, path, found);
                }
            }
        });
    }

    /** Who is root besides root, and who needs no password. */
    static void accounts(Tree tree, Consumer<Entry> found) {
        Map<String, String> shadow = new HashMap<>();
        String text = tree.exists("/etc/shadow") ? tree.text("/etc/shadow") : null;
        for (String line : (text == null ? "" : text).split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 1) {
                shadow.put(fields[0], fields[1]);
            }
        }
        int number = 0;
        String passwd = tree.text("/etc/passwd");
        for (String line : (passwd == null ? "" : passwd).split("\n")) {
            number++;
            String[] fields = line.split(":", -1);
            if (fields.length < 7) {
                continue;
            }
            boolean root = fields[2].equals("0") && !fields[0].equals("root");
            boolean open = fields[1].isEmpty() || (fields[1].equals("x") && "".equals(shadow.get(fields[0])));
            String password = fields[1].equals("x") ? shadow.getOrDefault(fields[0], "*") : fields[1];
            boolean service = fields[2].matches("[1-9]\\d{0,2}") && password.startsWith("$");
            boolean readable = fields[1].startsWith("$");
            if (root || open || service || readable) {
                found.accept(Entry.ofLine(
                                "user_account",
                                fields[0]
                                        + (root ? " has uid 0" : "")
                                        + (open ? " needs no password" : "")
                                        + (service ? " is the system's and has a password" : "")
                                        + (readable ? " has its password in passwd" : ""),
                                "/etc/passwd",
                                number,
                                line)
                        .runs(fields[6])
                        .user(fields[0])
                        .enabled(!fields[6].endsWith("/nologin") && !fields[6].endsWith("/false")));
            }
        }
    }

    static void containers(Tree tree, Consumer<Entry> found) {
        for (String path : tree.glob("/var/lib/docker/containers/*/hostconfig.json")) {
            JsonNode host = json(tree, path);
            String policy = host.path("RestartPolicy").path("Name").asString("");
            if (policy.isEmpty() || policy.equals("no")) {
                continue;
            }
            String directory = path.substring(0, path.lastIndexOf('/'));
            JsonNode config = json(tree, directory + "/config.v2.json");
            String name =
                    config.path("Name").asString(FilePlaces.name(directory)).replaceFirst("^/", "");
            String command = config.path("Path").asString("");
            for (JsonNode argument : config.path("Args")) {
                command += " " + argument.asString("");
            }
            found.accept(Entry.ofFile("docker_container", name, path, tree.digest(path))
                    .runs(
                            command.isBlank()
                                    ? config.path("Config").path("Image").asString("")
                                    : command)
                    .user(config.path("Config").path("User").asString("root"))
                    .schedule(policy));
        }
    }

    private static JsonNode json(Tree tree, String path) {
        byte[] bytes = tree.bytes(path);
        try {
            return JsonMapper.shared().readTree(bytes == null ? new byte[] {'{', '}'} : bytes);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    /** Scripts between {@code postrotate} and its like and {@code endscript}. */
    static void logrotate(Tree tree, Consumer<Entry> found) {
        for (String glob : List.of("/etc/logrotate.conf", "/etc/logrotate.d/*")) {
            for (String path : tree.glob(glob)) {
                if (!FilePlaces.isMeant(path) || !tree.isFile(path)) {
                    continue;
                }
                String name = "";
                int begun = 0;
                StringBuilder script = new StringBuilder();
                for (Tree.Line line : tree.lines(path)) {
                    if (begun == 0 && line.text().matches("prerotate|postrotate|firstaction|lastaction|preremove")) {
                        name = line.text();
                        begun = line.number();
                        script.setLength(0);
                    } else if (begun > 0 && line.text().equals("endscript")) {
                        found.accept(Entry.ofLine(
                                        "logrotate_script",
                                        FilePlaces.name(path) + " " + name,
                                        path,
                                        begun,
                                        script.toString())
                                .runs(script.toString())
                                .user("root"));
                        begun = 0;
                    } else if (begun > 0) {
                        script.append(line.text()).append('\n');
                    }
                }
            }
        }
    }

    static void desktop(Tree tree, String kind, String path, String user, Consumer<Entry> found) {
        String text = tree.text(path);
        if (text == null || !path.endsWith(".desktop")) {
            return;
        }
        String exec = "";
        boolean hidden = false;
        boolean main = false;
        for (String line : text.split("\n")) {
            String stripped = line.strip();
            if (stripped.startsWith("[")) {
                main = stripped.equals("[Desktop Entry]");
            } else if (main
                    && stripped.startsWith("Exec")
                    && stripped.substring(4).strip().startsWith("=")) {
                exec = stripped.substring(stripped.indexOf('=') + 1).strip();
            } else if (main && stripped.replace(" ", "").matches("(?i)Hidden=true|X-GNOME-Autostart-enabled=false")) {
                hidden = true;
            }
        }
        if (!exec.isEmpty() || hidden) {
            found.accept(Entry.ofFile(kind, FilePlaces.name(path), path, Entry.sha256(text))
                    .runs(exec)
                    .user(user)
                    .enabled(!hidden));
        }
    }

    static Place.Reader desktops(String kind, List<String> globs, List<String> homes) {
        return (tree, found) -> {
            for (String glob : globs) {
                tree.glob(glob).forEach(path -> desktop(tree, kind, path, "", found));
            }
            tree.homes().forEach((home, user) -> {
                for (String glob : homes) {
                    tree.glob(home + "/" + glob).forEach(path -> desktop(tree, kind, path, user, found));
                }
            });
        };
    }

    /** Directories that are extensions by what lies in them. */
    static void extensions(Tree tree, Consumer<Entry> found) {
        for (String path : tree.glob("/usr/share/gnome-shell/extensions/*/extension.js")) {
            extension(tree, path, "", found);
        }
        tree.homes()
                .forEach((home, user) -> tree.glob(home + "/.local/share/gnome-shell/extensions/*/extension.js")
                        .forEach(path -> extension(tree, path, user, found)));
    }

    private static void extension(Tree tree, String path, String user, Consumer<Entry> found) {
        String directory = path.substring(0, path.lastIndexOf('/'));
        found.accept(Entry.ofFile("gnome_extension", FilePlaces.name(directory), path, tree.digest(path))
                .runs(path)
                .user(user));
    }

    /** Lines of {@code .pth} files that begin with import are run at every start of Python (site). */
    static void pythonSites(Tree tree, Consumer<Entry> found) {
        for (String root : List.of("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")) {
            for (String kind : List.of("dist-packages", "site-packages")) {
                tree.glob(root + "/python*/" + kind).forEach(directory -> site(tree, directory, "", found));
            }
            tree.glob(root + "/python*/sitecustomize.py").forEach(path -> customize(tree, path, "", found));
            tree.glob(root + "/python*/usercustomize.py").forEach(path -> customize(tree, path, "", found));
        }
        tree.glob("/etc/python*/sitecustomize.py").forEach(path -> customize(tree, path, "", found));
        tree.homes()
                .forEach((home, user) -> tree.glob(home + "/.local/lib/python*/site-packages")
                        .forEach(directory -> site(tree, directory, user, found)));
    }

    private static void site(Tree tree, String directory, String user, Consumer<Entry> found) {
        for (String path : tree.files(directory)) {
            String name = FilePlaces.name(path);
            if (name.endsWith(".pth") && !name.startsWith(".")) {
                for (Tree.Line line : tree.lines(path)) {
                    if (line.text().matches("import[\\s].*")) {
                        found.accept(Entry.ofLine("python_site", name, path, line.number(), line.text())
                                .runs(line.text())
                                .user(user));
                    }
                }
            } else if (name.equals("sitecustomize.py") || name.equals("usercustomize.py")) {
                customize(tree, path, user, found);
            }
        }
    }

    private static void customize(Tree tree, String path, String user, Consumer<Entry> found) {
        if (tree.isFile(path)) {
            found.accept(Entry.ofFile("python_site", FilePlaces.name(path), path, tree.digest(path))
                    .runs(path)
                    .user(user));
        }
    }

    /** Modules that lie beside the kernel's own. */
    static void moduleFiles(Tree tree, Consumer<Entry> found) {
        for (String release : tree.glob("/usr/lib/modules/*")) {
            modules(tree, release, found);
        }
        for (String release : tree.glob("/lib/modules/*")) {
            if (release.startsWith("/lib/")) {
                modules(tree, release, found);
            }
        }
    }

    private static void modules(Tree tree, String release, Consumer<Entry> found) {
        for (String beside : List.of("extra", "updates", "misc", "weak-updates")) {
            for (String path : tree.deepFiles(release + "/" + beside, 4)) {
                if (path.matches(".*\\.ko(?:\\.(?:xz|zst|gz))?")) {
                    found.accept(Entry.ofFile("kernel_module_file", FilePlaces.name(path), path, tree.digest(path))
                            .runs(path)
                            .user("root"));
                }
            }
        }
        for (String path : tree.files(release)) {
            if (path.matches(".*\\.ko(?:\\.(?:xz|zst|gz))?")) {
                found.accept(Entry.ofFile("kernel_module_file", FilePlaces.name(path), path, tree.digest(path))
                        .runs(path)
                        .user("root"));
            }
        }
    }
}
