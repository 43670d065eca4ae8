package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.Word;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.FrameworkTable.Framework;
import dev.panoptes.integrity.declared.FrameworkTable.Voice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * On which port a program of a framework listens whose code is not followed, as {@code frameworks.table} says: by options, variables,
 * configuration and plain calls in its sources, in the framework's own order, else by its documented default. Whatever else may move
 * the port leaves it open.
 */
final class Frameworks {

    private static final Pattern ADDRESSES =
            Pattern.compile("(?:[a-z]+://)?(?<address>\\[[0-9a-fA-F:]*]|[^:/\\s\\[\\]]*)(?::(?<port>[0-9]{1,5}))?/?");
    /** What the table calls a program that runs in no image. */
    private static final String HOST = "host";

    private static final int MOST_FILES = 400;
    private static final Pattern SEPARATOR = Pattern.compile("&&|;|\\|\\|");
    private static final Pattern STARTER = Pattern.compile(
            "^(?:(?:/\\S+/)?(?:exec|bundle exec|bundler exec|npx|env|yarn|pnpm|pnpm exec|tini|dumb-init|--|sudo|(?:ba|da)?sh -l?c [\"']?"
                    + "|[A-Z_][A-Z0-9_]*=\\S*)(?:\\s+|(?<=[\"'])))+");

    private final Declarations declarations;
    private final FolderFiles files;

    Frameworks(Declarations declarations) {
        this.declarations = declarations;
        this.files = new FolderFiles(declarations.root());
    }

    /**
     * How a program is started.
     *
     * @param folder rootPath of the folder that its project lies in or below; null where it is not in the tree
     * @param base the image that it runs in; null where there is none
     * @param dockerfile rootPath of what the image is built by; null where nothing is built
     * @param copied what the image gets; null where it runs on the host, with all that lies in its folder
     */
    record Started(
            StartCommand start,
            @Nullable String folder,
            @Nullable String base,
            @Nullable String dockerfile,
            @Nullable List<Dockerfile.Copy> copied,
            Evidence evidence,
            ContainerEnvironment environment) {}

    /** Answers of one voice. */
    private sealed interface Answer {
        record Nothing() implements Answer {}

        record Open(String reason) implements Answer {}

        record Ports(List<Bound> bounds, @Nullable String variable) implements Answer {}

        record Program(String rootPath) implements Answer {}
    }

    private static final Answer NOTHING = new Answer.Nothing();

    /** What runs last, without what only starts it. */
    private static String command(String text) {
        String[] parts = SEPARATOR.split(text);
        String last = parts.length == 0 ? "" : parts[parts.length - 1];
        return STARTER.matcher(last.strip()).replaceFirst("").replaceFirst("[\"']$", "");
    }

    /** What it listens on; empty where no framework of the table is started. */
    Optional<Listening> of(Started started, BoundByCode code) {
        String command = command(started.start().text());
        for (Framework framework : FrameworkTable.shipped()) {
            Matcher program = framework.program().matcher(command);
            if (program.matches()) {
                Optional<String> project = project(framework, program, started);
                if (project.isPresent() && isIt(framework, project.get(), named(program), started)) {
                    return Optional.of(judged(framework, project.get(), named(program), started, code));
                }
            }
        }
        return Optional.empty();
    }

    private boolean isIt(Framework framework, String project, String program, Started started) {
        for (Voice voice : framework.voices()) {
            if (voice instanceof Voice.Needs(String path, Pattern pattern)
                    && found(paths(path, project, program, started), pattern, framework) == null) {
                return false;
            }
        }
        return true;
    }

    private Listening judged(Framework framework, String project, String program, Started started, BoundByCode code) {
        String named = NamedConfiguration.named(command(started.start().text()));
        boolean elsewhere = named != null
                && framework.voices().stream()
                        .noneMatch(voice -> voice instanceof Voice.Said(String path, Pattern unused, boolean shipped)
                                && path.equals(named));
        boolean unseen = false;
        for (Voice voice : framework.voices()) {
            if (isConfigured(voice) && (elsewhere || started.folder() == null)) {
                // What a pulled image holds beside its program may say another port than the default.
                unseen = true;
                continue;
            }
            if (voice instanceof Voice.Standard && unseen) {
                return new Listening.Unknown(
                        elsewhere ? "what " + named + " says is not followed" : "its configuration lies in its image");
            }
            Answer answer = answer(voice, framework, project, program, started);
            switch (answer) {
                case Answer.Nothing unused -> {
                    // The next one is asked.
                }
                case Answer.Open(String reason) -> {
                    return new Listening.Unknown(reason);
                }
                case Answer.Program(String rootPath) -> {
                    return code.programAt(
                            rootPath, started.start(), started.folder(), started.evidence(), started.environment());
                }
                case Answer.Ports(List<Bound> bounds, String variable) -> {
                    boolean moved =
                            variable != null || !(voice instanceof Voice.Option || voice instanceof Voice.Variable);
                    return new Listening.On(
                            bounds,
                            started.evidence(),
                            moved ? started.environment().incomplete() : null);
                }
            }
        }
        return new Listening.Unknown("what tells the port of " + framework.name() + " is not in the scanned tree");
    }

    private static boolean isConfigured(Voice voice) {
        return switch (voice) {
            case Voice.Said said -> true;
            case Voice.Open(String path, Pattern pattern) -> !path.equals("Dockerfile");
            case Voice.Option option -> false;
            case Voice.Variable variable -> false;
            case Voice.Needs needs -> false;
            case Voice.Moved moved -> false;
            case Voice.Runs runs -> false;
            case Voice.Standard standard -> false;
        };
    }

    /** The folder of the one project that bears the framework's sign; empty where there is none or several. */
    private Optional<String> project(Framework framework, Matcher program, Started started) {
        String sign = framework.sign();
        String folder = started.folder();
        if (sign == null) {
            return Optional.of(folder == null ? "" : folder);
        }
        List<String> all = folder == null ? null : files.of(folder).orElse(null);
        if (folder == null || all == null) {
            return Optional.empty();
        }
        boolean named = sign.contains("{program}");
        String wanted = named ? sign.replace("{program}", program.group("program")) : sign;
        String held = framework.signPattern();
        Pattern pattern =
                held == null ? null : Pattern.compile(held.replace("{program}", Pattern.quote(named(program))));
        List<String> projects = new ArrayList<>();
        for (String path : all) {
            String text = !fits(wanted, path)
                    ? null
                    : pattern == null ? "" : declarations.code().text(PathNames.join(folder, path));
            String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
            if (text != null && (pattern == null || pattern.matcher(text).find()) && !projects.contains(parent)) {
                projects.add(parent);
            }
        }
        return projects.size() == 1
                ? Optional.of(projects.getFirst().isEmpty() ? folder : PathNames.join(folder, projects.getFirst()))
                : Optional.empty();
    }

    /** The same as ports of the host; null where no framework of the table is started. */
    UnitPrograms.@Nullable Ports onHost(Started started, BoundByCode code) {
        return switch (of(started, code).orElse(null)) {
            case null -> null;
            case Listening.NotJudged(String reason) -> new UnitPrograms.Ports(new TreeMap<>(), reason);
            case Listening.Unknown(String reason) -> new UnitPrograms.Ports(new TreeMap<>(), reason);
            case Listening.On on -> {
                SequencedMap<Integer, List<Evidence>> ports = new TreeMap<>();
                Map<Integer, Set<String>> addresses = new HashMap<>();
                for (Bound bound : on.ports()) {
                    ports.put(bound.port(), List.of(bound.evidence()));
                    addresses.put(bound.port(), Set.of(bound.address() == null ? "" : bound.address()));
                }
                yield on.doubt() == null
                        ? new UnitPrograms.Ports(ports, addresses, null)
                        : new UnitPrograms.Ports(new TreeMap<>(), on.doubt());
            }
        };
    }

    private static String named(Matcher program) {
        return program.namedGroups().containsKey("program") ? String.valueOf(program.group("program")) : "";
    }

    /** True where a path is the wanted one, at any depth where that begins with a star. */
    private static boolean fits(String wanted, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (wanted.startsWith("**/")) {
            return List.of(wanted.substring(3).split(",")).contains(name);
        }
        return wanted.startsWith("*") ? path.endsWith(wanted.substring(1)) : path.equals(wanted);
    }

    private Answer answer(Voice voice, Framework framework, String project, String program, Started started) {
        return switch (voice) {
            case Voice.Option(List<String> names) -> option(names, framework, started);
            case Voice.Variable(List<String> names) -> variable(names, framework, started);
            case Voice.Said said -> said(said, paths(said.path(), project, program, started), framework, started);
            case Voice.Open(String path, Pattern pattern) -> {
                Evidence found = found(paths(path, project, program, started), pattern, framework);
                yield found == null
                        ? NOTHING
                        : new Answer.Open(found.file() + " says its port in a way that is not followed");
            }
            case Voice.Needs unused -> NOTHING;
            case Voice.Moved(Pattern names) ->
                Stream.concat(started.environment().known().keySet().stream(), started.environment().unclear().stream())
                                .anyMatch(name -> names.matcher(name).matches())
                        ? new Answer.Open("a variable of its environment says its port in a way that is not followed")
                        : NOTHING;
            case Voice.Runs(String path) -> {
                String rootPath = PathNames.join(project, path);
                yield declarations.code().text(rootPath) == null ? NOTHING : new Answer.Program(rootPath);
            }
            case Voice.Standard(int port, Pattern image, String address) ->
                image != null
                                && !image.matcher(started.base() == null ? HOST : started.base())
                                        .find()
                        ? NOTHING
                        : new Answer.Ports(
                                List.of(new Bound(port, started.evidence(), host(framework, started, address))), "");
        };
    }

    private static Answer option(List<String> names, Framework framework, Started started) {
        List<String> words = ShellWords.split(command(started.start().text()));
        for (int i = 0; i < words.size(); i++) {
            for (String name : names) {
                String word = words.get(i);
                String value = word.equals(name) && i + 1 < words.size()
                        ? words.get(i + 1)
                        : word.startsWith(name + "=")
                                ? word.substring(name.length() + 1)
                                : name.length() == 2 && word.matches(Pattern.quote(name) + "[0-9]+")
                                        ? word.substring(2)
                                        : null;
                if (value != null) {
                    Word.Expanded known =
                            Word.of(value).expand(started.environment().known());
                    return known.resolved()
                            ? addresses(known.value(), name, framework, started)
                            : new Answer.Open("the value of " + name + " is not known");
                }
            }
        }
        return words.stream().anyMatch(word -> word.startsWith("$"))
                ? new Answer.Open("the command line holds words not known here, so it may pass a port")
                : NOTHING;
    }

    private static Answer variable(List<String> names, Framework framework, Started started) {
        for (String name : names) {
            if (started.environment().unclear().contains(name)) {
                return new Answer.Open("the variable " + name + " has a value that is not known");
            }
            String value = started.environment().known().get(name);
            if (value != null && !value.isBlank()) {
                return addresses(value.strip(), name, framework, started);
            }
        }
        return NOTHING;
    }

    /** Ports, addresses or URLs, several of them between semicolons. */
    private static Answer addresses(String value, String from, Framework framework, Started started) {
        List<Bound> bounds = new ArrayList<>();
        for (String each : value.split(";")) {
            Matcher matcher = ADDRESSES.matcher(each.strip());
            boolean number = each.strip().matches("[0-9]{1,5}");
            if (!number && !matcher.matches()) {
                return new Answer.Open(from + " holds no port that can be read");
            }
            String digits = number ? each.strip() : matcher.group("port");
            int port = digits == null ? standard(each) : PortArgument.number(digits);
            if (digits == null && port < 1 && !each.contains("://")) {
                port = framework.voices().stream()
                        .flatMap(voice ->
                                voice instanceof Voice.Standard standard ? Stream.of(standard.port()) : Stream.empty())
                        .findFirst()
                        .orElse(-1);
            }
            if (port < 1) {
                return new Answer.Open(from + " holds no port that can be read");
            }
            String address = number ? host(framework, started, null) : plain(matcher.group("address"));
            bounds.add(new Bound(port, started.evidence(), address));
        }
        return new Answer.Ports(bounds, null);
    }

    private static int standard(String url) {
        return url.strip().startsWith("http://") ? 80 : url.strip().startsWith("https://") ? 443 : -1;
    }

    /** A loopback address as it is; whatever else is every address. */
    private static @Nullable String plain(@Nullable String address) {
        return address == null || address.isEmpty() ? null : address.equals("[::1]") ? "::1" : address;
    }

    private Answer said(Voice.Said voice, List<String> paths, Framework framework, Started started) {
        List<Bound> bounds = new ArrayList<>();
        String variable = null;
        for (String rootPath : paths) {
            String text = text(rootPath, framework.comment());
            Matcher matcher = voice.pattern().matcher(text);
            while (matcher.find()) {
                if (voice.shipped() && !isShipped(rootPath, started)) {
                    return new Answer.Open("whether the image holds " + rootPath + " is not known");
                }
                variable = group(matcher, "variable");
                String set =
                        variable == null ? null : started.environment().known().get(variable);
                String digits = set == null || set.isBlank() ? group(matcher, "port") : set.strip();
                int port = digits == null ? -1 : PortArgument.number(digits.replace("_", ""));
                if (port < 1
                        || (variable != null && started.environment().unclear().contains(variable))) {
                    return new Answer.Open(rootPath + " says its port in a way that is not followed");
                }
                String address = group(matcher, "address");
                Evidence evidence = evidence(rootPath, text, matcher);
                bounds.add(
                        new Bound(port, evidence, address == null ? host(framework, started, null) : dotted(address)));
            }
        }
        long places =
                bounds.stream().map(bound -> bound.evidence().file()).distinct().count();
        return places > 1
                ? new Answer.Open("several of its files name a port")
                : bounds.isEmpty() ? NOTHING : new Answer.Ports(bounds, variable);
    }

    /** An address whose parts stand between commas, as Elixir and Rust write it: four of version 4, eight of version 6. */
    private static String dotted(String address) {
        String parts = address.replaceAll("\\s", "");
        return parts.chars().filter(c -> c == ',').count() == 7
                ? parts.equals("0,0,0,0,0,0,0,1") ? "::1" : "::"
                : parts.replace(',', '.');
    }

    private static @Nullable String group(Matcher matcher, String name) {
        // Alternatives of one pattern say the same by names with a number behind.
        for (String each : List.of(name, name + "1", name + "2")) {
            String value = matcher.namedGroups().containsKey(each) ? matcher.group(each) : null;
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static boolean isShipped(String rootPath, Started started) {
        String name = rootPath.substring(rootPath.lastIndexOf('/') + 1);
        List<Dockerfile.Copy> copied = started.copied();
        return copied == null
                || copied.stream()
                        .flatMap(copy -> copy.sources().stream())
                        .anyMatch(source -> source.equals(name)
                                || source.endsWith("/" + name)
                                || source.equals(".")
                                || source.equals("./"));
    }

    private @Nullable Evidence found(List<String> paths, Pattern pattern, Framework framework) {
        for (String rootPath : paths) {
            String text = text(rootPath, framework.comment());
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                return evidence(rootPath, text, matcher);
            }
        }
        return null;
    }

    private List<String> paths(String wanted, String project, String program, Started started) {
        if (wanted.equals("Dockerfile")) {
            return started.dockerfile() == null ? List.of() : List.of(started.dockerfile());
        }
        if (wanted.equals("{program}")) {
            return List.of(PathNames.join(project, program.substring(program.lastIndexOf('/') + 1)));
        }
        if (!wanted.startsWith("*")) {
            return List.of(PathNames.join(project, wanted));
        }
        return files.of(project).orElse(List.of()).stream()
                .filter(path -> fits(wanted, path))
                .limit(MOST_FILES)
                .map(path -> PathNames.join(project, path))
                .toList();
    }

    /** The text of a file with its comments blanked; empty where it cannot be read. */
    private String text(String rootPath, String comment) {
        String text = declarations.code().text(rootPath);
        if (text == null) {
            return "";
        }
        String plain = rootPath.endsWith(".json") || rootPath.endsWith(".xml")
                ? text
                : text.replaceAll("(?m)(^|\\s)" + Pattern.quote(comment) + ".*$", "$1");
        String code = comment.equals("//") ? BlockComments.blanked(plain) : plain;
        return rootPath.endsWith(".rs") ? RustTests.blanked(code) : code;
    }

    private static Evidence evidence(String rootPath, String text, Matcher matcher) {
        int line = 1
                + (int) text.substring(0, matcher.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Evidence("code", rootPath, line, matcher.group().strip().replaceAll("\\s+", " "));
    }

    /** The address that an option or variable names; the standard one where none does; null where that is not known. */
    private static @Nullable String host(Framework framework, Started started, @Nullable String standard) {
        List<String> words = ShellWords.split(command(started.start().text()));
        Map<String, String> known = started.environment().known();
        for (String name : framework.host()) {
            for (int i = 0; i < words.size() && name.startsWith("-"); i++) {
                if (words.get(i).equals(name)) {
                    return i + 1 < words.size() ? words.get(i + 1) : null;
                }
                if (words.get(i).startsWith(name + "=")) {
                    return words.get(i).substring(name.length() + 1);
                }
            }
            if (known.containsKey(name) && !name.startsWith("?")) {
                return known.get(name);
            }
            String other = name.startsWith("?") ? name.substring(1) : name;
            if ((other.startsWith("-") && words.contains(other))
                    || known.containsKey(other)
                    || started.environment().unclear().contains(other)
                    || (standard != null && started.environment().incomplete() != null)) {
                return null;
            }
        }
        return standard;
    }
}
