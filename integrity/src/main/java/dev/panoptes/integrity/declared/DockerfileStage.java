package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One stage of a Dockerfile while it is read: each instruction changes it. */
final class DockerfileStage {
    private static final int LONGEST_RUN = 4_000;
    private static final int MOST_PORTS = 4_096;
    private static final Pattern JSON_STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern EXPOSED =
            Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?", Pattern.CASE_INSENSITIVE);

    private final @Nullable String name;
    private final @Nullable String base;
    private final DockerfileVariables variables;
    private final String file;
    private String workdir;
    private @Nullable Invocation entrypoint;
    private @Nullable Invocation command;
    private boolean ownCommand;
    private @Nullable Invocation healthcheck;
    private final List<Dockerfile.Exposed> exposed = new ArrayList<>();
    private final List<Dockerfile.Copy> copies = new ArrayList<>();
    private final List<Dockerfile.Run> runs = new ArrayList<>();

    private DockerfileStage(
            @Nullable String name, @Nullable String base, DockerfileVariables variables, String file, String workdir) {
        this.name = name;
        this.base = base;
        this.variables = variables;
        this.file = file;
        this.workdir = workdir;
    }

    static DockerfileStage from(
            DockerfileLines.Instruction instruction,
            List<DockerfileStage> earlier,
            DockerfileVariables head,
            String file) {
        List<String> words = new ArrayList<>();
        for (String word : instruction.rest().split("\\s+")) {
            if (!word.isEmpty() && !word.startsWith("--")) {
                words.add(word);
            }
        }
        DockerfileVariables.Replaced image = head.replace(words.isEmpty() ? "" : words.getFirst());
        String name = words.size() >= 3 && words.get(1).equalsIgnoreCase("AS") ? words.get(2) : null;
        for (int i = earlier.size() - 1; i >= 0; i--) {
            DockerfileStage stage = earlier.get(i);
            if (stage.name != null && stage.name.equalsIgnoreCase(image.value())) {
                return stage.child(name);
            }
        }
        String base = image.known() && !image.value().isEmpty() ? image.value() : null;
        return new DockerfileStage(
                name, base, head.begin(), file, base == null ? "?" : BaseImages.workingDirectory(base));
    }

    private DockerfileStage child(@Nullable String childName) {
        DockerfileStage child = new DockerfileStage(childName, base, variables.copy(), file, workdir);
        child.entrypoint = entrypoint;
        child.command = command;
        child.healthcheck = healthcheck;
        child.exposed.addAll(exposed);
        child.copies.addAll(copies);
        child.runs.addAll(runs);
        return child;
    }

    void add(DockerfileLines.Instruction instruction, DockerfileVariables head) {
        String rest = instruction.rest();
        int line = instruction.line();
        switch (instruction.keyword()) {
            case "ARG" -> arguments(rest, variables, head);
            case "ENV" -> environment(rest);
            case "WORKDIR" -> workdir = path(rest);
            case "EXPOSE" -> expose(rest, line);
            case "ENTRYPOINT" -> {
                entrypoint = invocation(rest, line);
                // An entrypoint clears the command that came with the image below (Dockerfile reference, ENTRYPOINT).
                command = ownCommand ? command : null;
            }
            case "CMD" -> {
                command = invocation(rest, line);
                ownCommand = true;
            }
            case "HEALTHCHECK" -> healthcheck = healthcheck(rest, line);
            case "COPY" -> copy(instruction, false);
            case "ADD" -> copy(instruction, true);
            case "RUN" ->
                runs.add(new Dockerfile.Run(rest.length() > LONGEST_RUN ? rest.substring(0, LONGEST_RUN) : rest, line));
            default -> {
                // LABEL, USER, VOLUME, SHELL, ONBUILD and the like change nothing that is judged.
            }
        }
    }

    static void arguments(String rest, DockerfileVariables into, DockerfileVariables head) {
        for (String word : words(rest)) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!name.matches("\\w{1,200}")) {
                continue;
            }
            if (equals >= 0) {
                DockerfileVariables.Replaced value = into.replace(word.substring(equals + 1));
                into.argument(name, value.known() ? value.value() : null);
            } else if (into == head) {
                into.argument(name, null);
            } else {
                into.argumentFrom(head, name);
            }
        }
    }

    private void environment(String rest) {
        List<String> words = words(rest);
        if (words.isEmpty()) {
            return;
        }
        if (words.getFirst().indexOf('=') < 0) {
            // The old form: ENV NAME the whole rest of the line.
            String name = words.getFirst();
            variables.environment(
                    name, variables.replace(rest.substring(name.length()).strip()));
            return;
        }
        // All values of one line are replaced with what held before it.
        DockerfileVariables before = variables.copy();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                variables.environment(word.substring(0, equals), before.replace(word.substring(equals + 1)));
            }
        }
    }

    private void expose(String rest, int line) {
        for (String word : words(rest)) {
            DockerfileVariables.Replaced value = variables.replace(word);
            Matcher ports = EXPOSED.matcher(value.value());
            if (!value.known()) {
                exposed.add(new Dockerfile.Exposed(
                        new PortValue.Unresolved("EXPOSE names a variable that the build has to set", null),
                        "tcp",
                        line));
            } else if (ports.matches()) {
                String protocol =
                        ports.group(3) == null ? "tcp" : ports.group(3).toLowerCase(Locale.ROOT);
                int first = Integer.parseInt(ports.group(1));
                int last = ports.group(2) == null ? first : Integer.parseInt(ports.group(2));
                for (int port = Math.max(first, 1); port <= Math.min(last, 65_535); port++) {
                    if (exposed.size() >= MOST_PORTS) {
                        return;
                    }
                    exposed.add(new Dockerfile.Exposed(
                            new PortValue.Known(port, word.contains("$") ? value.argument() : null), protocol, line));
                }
            }
        }
    }

    private void copy(DockerfileLines.Instruction instruction, boolean add) {
        String rest = instruction.rest();
        String from = null;
        boolean keepsFolders = false;
        boolean leavesOut = false;
        while (rest.startsWith("--")) {
            int end = rest.indexOf(' ');
            String flag = end < 0 ? rest : rest.substring(0, end);
            rest = end < 0 ? "" : rest.substring(end).strip();
            if (flag.startsWith("--from=")) {
                from = variables.replace(flag.substring("--from=".length())).value();
            }
            leavesOut |= flag.startsWith("--exclude=");
            keepsFolders |= flag.equals("--parents") || flag.equals("--parents=true");
        }
        List<String> json = json(rest);
        List<String> words = json == null ? words(rest) : json;
        if (words.size() < 2) {
            return;
        }
        boolean unclear = keepsFolders || leavesOut || !instruction.heredocs().isEmpty();
        List<String> sources = new ArrayList<>();
        for (String word : words.subList(0, words.size() - 1)) {
            DockerfileVariables.Replaced source = variables.replace(word);
            sources.add(source.value());
            unclear |= !source.known() || (add && isRemoteOrArchive(source.value()));
        }
        String written = words.getLast();
        String destination = path(written);
        boolean intoFolder = written.endsWith("/")
                || written.equals(".")
                || sources.size() > 1
                || destination.equals(workdir)
                || destination.equals("/");
        copies.add(new Dockerfile.Copy(
                sources, destination, intoFolder, from, unclear || destination.contains("?!"), instruction.line()));
    }

    private static boolean isRemoteOrArchive(String source) {
        String lower = source.toLowerCase(Locale.ROOT);
        return lower.contains("://") || lower.startsWith("git@") || lower.matches(".*\\.(tar|tgz|tbz2?|txz|gz|bz2|xz)");
    }

    /** A path below the working directory, or absolute; {@code ?!} stands for a part that is not known. */
    private String path(String written) {
        DockerfileVariables.Replaced replaced = variables.replace(written.strip());
        if (!replaced.known()) {
            return "?!";
        }
        return ContainerPath.resolve(workdir, replaced.value());
    }

    private @Nullable Invocation invocation(String rest, int line) {
        List<String> words = json(rest);
        if (words != null) {
            return new Invocation(words, false, file, line);
        }
        return rest.isEmpty()
                ? new Invocation(List.of(), false, file, line)
                : new Invocation(List.of(rest), true, file, line);
    }

    /** The strings of a JSON array of strings; null where the text is none, and so a shell line. */
    static @Nullable List<String> json(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return null;
        }
        String inside = text.substring(1, text.length() - 1).strip();
        List<String> strings = new ArrayList<>();
        Matcher string = JSON_STRING.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            if (!string.find(at) || string.start() != at) {
                return null;
            }
            strings.add(unescaped(string.group(1)));
            at = skipBlank(inside, string.end());
            if (at < inside.length()) {
                if (inside.charAt(at) != ',') {
                    return null;
                }
                at = skipBlank(inside, at + 1);
                if (at == inside.length()) {
                    return null; // a comma too many
                }
            }
        }
        return strings;
    }

    private static int skipBlank(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                plain.append(
                        switch (next) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> next;
                        });
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Words apart by white space; quotes hold them together and stay in them. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                continue;
            }
            if (c == '\\' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
                continue;
            }
            if (c == '"' || c == '\'') {
                quote = quote == 0 ? c : quote == c ? 0 : quote;
            }
            word.append(c);
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    Dockerfile.Stage build() {
        Map<String, String> environment = variables.environment();
        Set<String> unclear = variables.openEnvironment();
        return new Dockerfile.Stage(
                name,
                base,
                workdir,
                environment,
                unclear,
                variables.aliases(),
                entrypoint,
                command,
                ContainerStart.of(
                        entrypoint,
                        command == null || entrypoint != null ? command : ImageEntrypoint.of(base, command),
                        environment),
                exposed,
                copies,
                runs,
                healthcheck);
    }

    /** {@code HEALTHCHECK [--interval=...] CMD command}; null for NONE. */
    private @Nullable Invocation healthcheck(String rest, int line) {
        String left = rest;
        while (left.startsWith("--")) {
            int end = left.indexOf(' ');
            left = end < 0 ? "" : left.substring(end).strip();
        }
        return left.regionMatches(true, 0, "CMD", 0, 3)
                ? invocation(left.substring(3).strip(), line)
                : null;
    }
}
