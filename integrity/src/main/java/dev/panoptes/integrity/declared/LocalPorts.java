package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.PortMentions.LocalPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds ports of the machine or container itself that scripts, Makefiles, web servers of containers, other YAML (Prometheus' targets, data sources) and
 * devcontainers name. What a line binds itself, and what lies behind a tunnel, is not asked.
 */
final class LocalPorts {
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_FILES = 500;
    private static final int MOST = 500;
    private static final int LOWEST = 80;
    private static final int LARGEST_PORT = 65_535;

    private static final Pattern ASKED = Pattern.compile(
            "(?<![\\w.@-])(localhost|127\\.0\\.0\\.1|\\[::1]|host\\.docker\\.internal):([0-9]{2,5})(?![\\w.:-])");
    private static final Pattern NOT_ASKED = Pattern.compile(
            "(?i).*(\\blisten|\\bbind|--host\\b|(?<!\\S)-b\\s|\\bssh\\b|\\bport-forward\\b|\\ballow|\\borigin|\\bcors|\\badvertise).*");
    private static final Pattern IN_YAML =
            Pattern.compile("(?i).*(target|url|endpoint|upstream|server|backend|https?://).*");
    private static final Pattern IN_PROXY = Pattern.compile(
            "(?i).*(proxy_pass|[a-z]+_pass\\s|(?<![\\w])server\\s|reverse_proxy|php_fastcgi|ProxyPass|BalancerMember).*");
    private static final Pattern ANY = Pattern.compile(".*");
    /** The registry's addresses are judged by checks of their own. */
    private static final Pattern REGISTRY = Pattern.compile("(?m)^[\"']?agents[\"']?:");

    private static final Pattern COMMENT = Pattern.compile("\\s*(#|//|;).*");
    private static final Pattern FORWARDED = Pattern.compile("\"forwardPorts\"\\s*:\\s*\\[([^\\]]{0,2000})]");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w:\"])([0-9]{2,5})(?![\\w:\"])");

    private static final List<String> VITE =
            List.of("vite.config.ts", "vite.config.js", "vite.config.mjs", "vite.config.mts");

    private final ScannedTree tree;
    private final ContainerFiles containers;
    private final List<ComposeFile> composeFiles;
    private final List<LocalPort> found = new ArrayList<>();
    private int left = MOST_FILES;

    private LocalPorts(ScannedTree tree, ContainerFiles containers, List<ComposeFile> composeFiles) {
        this.tree = tree;
        this.containers = containers;
        this.composeFiles = composeFiles;
    }

    /** @param composeFiles with what their services ask, which is left out */
    static List<LocalPort> read(
            ScannedTree tree, DeclarationFiles files, ContainerFiles containers, List<ComposeFile> composeFiles)
            throws InterruptedException {
        LocalPorts ports = new LocalPorts(tree, containers, composeFiles);
        for (DeclarationFiles.Found file : files.starters()) {
            if (isScript(file.name())) {
                ports.read(file, ANY);
            } else if (file.name().equals("package.json")) {
                ports.bundler(file);
            }
        }
        for (DeclarationFiles.Found file : files.manifests()) {
            ports.read(file, IN_YAML);
        }
        for (DeclarationFiles.Found file : files.configurations()) {
            // A web server of the host has a reader of its own.
            if (containers.holds(file.rootPath())) {
                ports.read(file, IN_PROXY);
            }
        }
        for (DeclarationFiles.Found file : files.builds()) {
            if (file.name().endsWith(DevcontainerReader.NAME)) {
                ports.forwarded(file);
            }
        }
        return ports.found;
    }

    private static boolean isScript(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".sh") || lower.endsWith(".bash") || lower.equals("makefile") || lower.equals("justfile");
    }

    private void read(DeclarationFiles.Found file, Pattern lines) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while reading which ports files name");
        }
        if (left-- <= 0
                || !(tree.read(file.targetPath(), LARGEST) instanceof Content.Text(String text, String digest))) {
            return;
        }
        if (!ASKED.matcher(text).find() || REGISTRY.matcher(text).find()) {
            return;
        }
        boolean inContainer = containers.holds(file.rootPath());
        String[] all = Lines.of(text);
        for (int i = 0; i < all.length && found.size() < MOST; i++) {
            String line = all[i];
            if (COMMENT.matcher(line).matches()
                    || NOT_ASKED.matcher(line).matches()
                    || !lines.matcher(line).matches()) {
                continue;
            }
            Matcher asked = ASKED.matcher(line);
            while (asked.find()) {
                boolean host = asked.group(1).startsWith("host.");
                add(file.rootPath(), i + 1, asked.group(2), asked.group(), inContainer && !host);
            }
        }
    }

    /** Where the development server of Vite leads what it does not serve ({@code server.proxy}). */
    private void bundler(DeclarationFiles.Found packageFile) {
        String folder = HostProcessReader.folder(packageFile.targetPath());
        for (String name : VITE) {
            String file = PathNames.join(folder, name);
            if (!(tree.read(file, LARGEST) instanceof Content.Text(String text, String digest))) {
                continue;
            }
            int proxy = text.indexOf("proxy:");
            String[] all = Lines.of(text);
            for (int i = 0, at = 0; proxy >= 0 && i < all.length; at += all[i].length() + 1, i++) {
                Matcher asked = ASKED.matcher(
                        at + all[i].length() < proxy || COMMENT.matcher(all[i]).matches() ? "" : all[i]);
                while (asked.find()) {
                    add(file, i + 1, asked.group(2), asked.group(), containers.holds(file));
                }
            }
        }
    }

    private void forwarded(DeclarationFiles.Found file) {
        if (!(tree.read(file.targetPath(), LARGEST) instanceof Content.Text(String text, String digest))) {
            return;
        }
        Matcher list = FORWARDED.matcher(text);
        while (list.find()) {
            int line = (int) text.substring(0, list.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            Matcher number = NUMBER.matcher(list.group(1));
            while (number.find()) {
                add(file.rootPath(), line, number.group(1), "forwardPorts " + number.group(1), true);
            }
        }
    }

    private void add(String file, int line, String port, String text, boolean inContainer) {
        int number = Integer.parseInt(port);
        boolean judged = composeFiles.stream()
                .flatMap(each -> each.project().upstreams().stream())
                .anyMatch(each -> each.file().equals(file) && each.port() == number);
        boolean known = judged || found.stream().anyMatch(each -> each.file().equals(file) && each.port() == number);
        if (!known && number >= LOWEST && number <= LARGEST_PORT && found.size() < MOST) {
            found.add(new LocalPort(file, line, number, text, inContainer));
        }
    }
}
