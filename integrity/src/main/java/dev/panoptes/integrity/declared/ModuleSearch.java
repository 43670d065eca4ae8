package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks a module up in one image stage: from the path in the container back through COPY to the tree. It is missing only
 * where everything that could put it there is known; whatever else could have done so makes it unclear.
 */
final class ModuleSearch {
    private static final int DEEPEST_STAGE = 8;
    private static final int MOST_STEPS = 200_000;
    private static final int MOST_LOOKUPS = 20_000;

    /** The root, what is local to the machine and folders of applications (Filesystem Hierarchy Standard). */
    private static final Pattern PLACED_BY_HAND =
            Pattern.compile("/[^/]+|/(usr/local/s?bin|app|srv|scripts?|docker|code|work|workspace|usr/src/[^/]+)/.*");

    /** Settings of gunicorn that say where it looks for the application. */
    private static final Pattern MOVES = Pattern.compile("(?m)^[ \\t]*+(?:chdir|pythonpath|wsgi_app|paste)\\s*=");

    /** Folders that every image has. */
    private static final Pattern FOLDERS =
            Pattern.compile("/(usr|etc|var)(/.*)?|/(opt|srv|home|root|tmp|bin|sbin|lib|mnt|media|run)");

    /** As commands, not as names of packages. */
    private static final String COMMAND = "(?:^|[;&|(`]|\\b(?:then|do|sudo)\\s)\\s*";

    private static final Pattern FETCHES =
            Pattern.compile(COMMAND + "(?:curl|wget|tar|unzip|git|aria2c|\\S*install\\.sh)\\s");

    /** They put programs where the machine's own are. */
    private static final Pattern INSTALLS = Pattern.compile(COMMAND + "(?:pip3?|npm|gem|cargo|go|uv|poetry)\\s");

    /** Beginnings of files that no folder is called by. */
    private static final Pattern NO_FOLDERS = Pattern.compile(
            "(Gemfile|Pipfile|Makefile|Procfile|Rakefile|LICENSE|README|Cargo|package|requirements)\\*");

    private final DeployedPaths paths;
    private final Dockerfile dockerfile;
    private final Dockerfile.Stage stage;
    private final ModuleName.Files files;
    private final List<ComposeFile.Mount> mounts;
    /** Whether they are those of the only container that is looked at. */
    private final boolean mounted;

    private final BuildContexts builds;
    private final CompiledSource compiled;
    private List<String> contexts = List.of();
    private @Nullable String doubt;
    private @Nullable String lookedFor;
    private boolean covered;
    private int steps;
    private int lookups;

    /** @param mounted true where the mounts are those of the only container that is looked at, so that they hide its image */
    ModuleSearch(
            DeployedPaths paths,
            Dockerfile dockerfile,
            Dockerfile.Stage stage,
            ModuleName.Files files,
            List<ComposeFile.Mount> mounts,
            boolean mounted,
            BuildContexts builds,
            CompiledSource compiled) {
        this.builds = builds;
        this.mounted = mounted;
        this.compiled = compiled;
        this.paths = paths;
        this.files = files;
        this.dockerfile = dockerfile;
        this.stage = stage;
        this.mounts = mounts;
    }

    private static final Pattern INTERPRETER = Pattern.compile(
            "(?:\\S*/)?(?:(?:ba|da|a|z|k)?sh|python[\\d.]*|node|nodejs|bun|deno|ruby|perl|php|source|\\.)");

    Module find(StartCommand start, SequencedSet<String> searched) {
        contexts = List.copyOf(searched);
        String directory = start.directory();
        String here = directory == null ? stage.workdir() : ContainerPath.resolve(stage.workdir(), directory);
        if (here.startsWith("?!")
                || (directory != null && (directory.indexOf('$') >= 0 || directory.indexOf('`') >= 0))) {
            return new Module.Unclear("the working directory depends on a variable that is not set in the Dockerfile");
        }
        List<String> places = new ArrayList<>(List.of(here));
        places.addAll(pythonPath());
        boolean byName = isOnPath(start);
        if (byName) {
            places.addAll(searchPath());
        }
        String hidden = null;
        for (String place : places) {
            for (String path : files.paths()) {
                String inContainer = ContainerPath.resolve(place, path);
                String hiding = mounted ? hides(inContainer) : null;
                String found = mounted && hiding == null ? inMounts(inContainer) : null;
                for (String context : contexts) {
                    found = found == null ? inStage(stage, inContainer, context, 0) : found;
                }
                found = found == null ? inMounts(inContainer) : found;
                if (found != null && hiding != null) {
                    hidden = hidden == null ? hiding : hidden;
                } else if (found != null) {
                    return new Module.Exists(found);
                }
            }
        }
        Module module = hidden != null
                ? new Module.Unclear("a compose file mounts " + hidden + " over what the image holds, without it")
                : notCopied(start, ContainerPath.resolve(here, files.paths().getFirst()));
        return byName && module instanceof Module.Missing
                ? new Module.Unclear(
                        files.paths().getFirst() + " is looked for on the PATH, where the image may hold it")
                : module;
    }

    /** True for a script that is run by its name alone: execvp(3) looks for it on the PATH, not in the working directory. */
    private boolean isOnPath(StartCommand start) {
        String script = files.paths().getFirst();
        List<String> words = List.of(start.text().strip().split("\\s+"));
        int at = script.indexOf('/') < 0 ? words.indexOf(script) : -1;
        return at >= 0
                && words.subList(0, at).stream()
                        .noneMatch(word -> INTERPRETER.matcher(word).matches());
    }

    private List<String> searchPath() {
        List<String> places = new ArrayList<>();
        String path = stage.environment().get("PATH");
        for (String entry : (path == null ? "" : path).split(":")) {
            if (entry.startsWith("/")) {
                places.add(entry);
            }
        }
        places.addAll(List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"));
        return places;
    }

    /** The target of the mount that lies over a path and surely has no such file; null where none does. */
    private @Nullable String hides(String path) {
        ComposeFile.Mount over = null;
        for (ComposeFile.Mount mount : mounts) {
            String target = ContainerPath.resolve("/", mount.target());
            if (ContainerPath.below(target, path) != null
                    && (over == null || target.length() > over.target().length())) {
                over = mount;
            }
        }
        String folder = over == null ? null : over.sourceInTree();
        String below = over == null ? null : ContainerPath.below(ContainerPath.resolve("/", over.target()), path);
        return over != null
                        && folder != null
                        && below != null
                        && !below.isEmpty()
                        && paths.below(folder) instanceof DeployedPath.Below holding
                        && holding.directory()
                        && paths.below(PathNames.join(folder, below)) instanceof DeployedPath.Below place
                        && !place.exists()
                ? over.target()
                : null;
    }

    private List<String> pythonPath() {
        if (stage.unclear().contains("PYTHONPATH")) {
            doubt = "PYTHONPATH is set to a value that cannot be told";
        }
        String value = stage.environment().get("PYTHONPATH");
        if (value == null || !files.packaged()) {
            return List.of();
        }
        List<String> places = new ArrayList<>();
        for (String entry : value.split(":")) {
            if (!entry.isEmpty()) {
                places.add(ContainerPath.resolve(stage.workdir(), entry));
            }
        }
        return places;
    }

    /** The file below the root that this path of the container comes from; null where none is there. */
    private @Nullable String inStage(Dockerfile.Stage from, String path, String context, int depth) {
        // What is copied later lies over what was there before.
        String last = null;
        for (Dockerfile.Copy copy : from.copies()) {
            if (++steps > MOST_STEPS || lookups > MOST_LOOKUPS) {
                doubt = "the Dockerfile copies too much to follow";
                return null;
            }
            String below = ContainerPath.below(copy.destination(), path);
            if (copy.destination().startsWith("?!")) {
                doubt = "line " + copy.line() + " copies to a place that cannot be told";
            }
            if (below == null) {
                continue;
            }
            if (copy.unclear()) {
                doubt = "what line " + copy.line() + " puts there cannot be told";
                continue;
            }
            steps += copy.sources().size();
            for (String source : copy.sources()) {
                String found = copy.from() == null
                        ? inContext(copy, source, below, context)
                        : inOtherStage(copy, source, below, context, depth);
                last = found == null ? last : found;
            }
        }
        return last;
    }

    private @Nullable String inOtherStage(
            Dockerfile.Copy copy, String source, String below, String context, int depth) {
        Dockerfile.Stage other = stageCalled(copy.from());
        String base = other == null ? null : other.base();
        if (other == null
                || base == null
                || depth > DEEPEST_STAGE
                || !BaseImages.isPlain(base)
                || MadeByRun.reason(other.runs(), files) != null) {
            doubt = "line " + copy.line() + " copies it from " + copy.from() + ", whose files are made by a build";
        }
        if (other == null || depth > DEEPEST_STAGE) {
            return null;
        }
        String absolute = ContainerPath.resolve("/", source);
        String name = absolute.substring(absolute.lastIndexOf('/') + 1);
        String asFolder = inStage(other, ContainerPath.resolve(absolute, below), context, depth + 1);
        return asFolder != null || !below.equals(name) ? asFolder : inStage(other, absolute, context, depth + 1);
    }

    private Dockerfile.@Nullable Stage stageCalled(@Nullable String name) {
        if (name == null) {
            return null;
        }
        for (int i = 0; i < dockerfile.stages().size(); i++) {
            Dockerfile.Stage each = dockerfile.stages().get(i);
            if (name.equalsIgnoreCase(each.name()) || name.equals(String.valueOf(i))) {
                return each;
            }
        }
        return null;
    }

    private @Nullable String inContext(Dockerfile.Copy copy, String source, String below, String context) {
        String relative = source.startsWith("/") ? source.substring(1) : source;
        int slash = relative.lastIndexOf('/');
        String name = relative.substring(slash + 1);
        String folder = slash < 0 ? "" : relative.substring(0, slash);
        if (isGlob(folder)) {
            doubt = "line " + copy.line() + " copies by a pattern of folders";
            return null;
        }
        if (isGlob(name)) {
            if (name.indexOf('.') < 0 && !NO_FOLDERS.matcher(name).matches()) {
                // It may match folders, whose contents are then copied without them.
                doubt = "line " + copy.line() + " copies by a pattern of folders";
            }
            return below.indexOf('/') < 0 && matches(name, below) ? present(context, folder + "/" + below) : null;
        }
        if (below.isEmpty()) {
            // COPY a.py /srv/main.py: the file takes the destination's name.
            return copy.intoFolder() ? null : present(context, relative);
        }
        String inFolder = isFolder(context, relative) ? present(context, relative + "/" + below) : null;
        boolean asFile = below.equals(name) && mayBeFolder(copy, context, relative);
        return inFolder == null && asFile ? present(context, relative) : inFolder;
    }

    /** False where a file is copied to a place that surely was no folder before: it is then called like that. */
    private boolean mayBeFolder(Dockerfile.Copy copy, String context, String source) {
        String to = copy.destination();
        String base = stage.base();
        if (copy.intoFolder()
                || base == null
                || !BaseImages.isPlain(base)
                || FOLDERS.matcher(to).matches()
                || isFolder(context, source)
                || ContainerPath.below(to, stage.workdir()) != null
                || stage.runs().stream().anyMatch(run -> run.text().contains(to))
                || stage.copies().stream()
                        .anyMatch(
                                other -> !other.equals(copy) && ContainerPath.below(to, other.destination()) != null)) {
            return true;
        }
        doubt = "line " + copy.line() + " copies it to " + to + ", which is then the file unless it is a folder before";
        return false;
    }

    private boolean isFolder(String context, String path) {
        String rootPath = ContainerPath.belowRoot(context, path);
        return rootPath == null || !(paths.below(rootPath) instanceof DeployedPath.Below below) || below.directory();
    }

    private @Nullable String present(String context, String path) {
        if (++lookups > MOST_LOOKUPS) {
            return null;
        }
        String rootPath = ContainerPath.belowRoot(context, path);
        if (rootPath == null) {
            doubt = "the Dockerfile copies from outside its build context";
            return null;
        }
        return switch (paths.below(rootPath)) {
            case DeployedPath.Below(String found, boolean exists, boolean directory) -> {
                covered = true;
                lookedFor = lookedFor == null ? rootPath : lookedFor;
                yield exists && !directory && !builds.isIgnored(dockerfile, context, found) ? found : null;
            }
            case DeployedPath.BuildProduct(String component) -> {
                doubt = "it lies in " + component + ", which a build makes";
                String source = files.packaged() ? null : compiled.of(rootPath);
                yield source != null && !builds.isIgnored(dockerfile, context, source) ? source : null;
            }
            case DeployedPath.Unclear(String reason) -> {
                doubt = reason;
                yield null;
            }
            case DeployedPath.Outside outside -> {
                doubt = "it lies outside the scanned tree";
                yield null;
            }
        };
    }

    private @Nullable String inMounts(String path) {
        for (ComposeFile.Mount mount : mounts) {
            String below = ContainerPath.below(ContainerPath.resolve("/", mount.target()), path);
            if (below == null) {
                continue;
            }
            String hidden = "a compose file mounts " + mount.target() + " over what the image holds";
            String source = mount.source();
            if (source == null || source.startsWith("~")) {
                doubt = hidden;
                continue;
            }
            String inTree = source + (below.isEmpty() ? "" : "/" + below);
            DeployedPath place;
            if (source.startsWith("/")) {
                place = paths.locate(inTree);
            } else {
                String rootPath = ContainerPath.belowRoot(mount.directory(), inTree);
                place = rootPath == null ? new DeployedPath.Outside() : paths.below(rootPath);
            }
            if (!(place instanceof DeployedPath.Below(String found, boolean exists, boolean directory))) {
                doubt = hidden;
            } else if (exists && !directory) {
                return found;
            }
        }
        return null;
    }

    /** It is in no context where COPY would take it from: missing, unless something else may put it there. */
    private Module notCopied(StartCommand start, String inContainer) {
        String module = String.valueOf(start.module());
        boolean relative = !files.paths().getFirst().startsWith("/");
        for (String context : contexts) {
            for (String path : relative ? files.paths() : List.<String>of()) {
                String rootPath = ContainerPath.belowRoot(context, path);
                if (rootPath != null
                        && paths.below(rootPath)
                                instanceof DeployedPath.Below(String found, boolean exists, boolean directory)
                        && exists
                        && !directory
                        && !builds.isIgnored(dockerfile, context, found)) {
                    if (isNotCopiedThere(start, path, inContainer, context)) {
                        return new Module.Missing(module, inContainer);
                    }
                    return covered
                            ? new Module.Unclear(found + " is there, but COPY puts it elsewhere")
                            : new Module.Exists(found);
                }
            }
        }
        String base = stage.base();
        if (doubt != null) {
            return new Module.Unclear(doubt);
        }
        if (base == null || !BaseImages.isPlain(base)) {
            return new Module.Unclear("the base image may hold it");
        }
        if (stage.copies().isEmpty()) {
            return new Module.Unclear("the Dockerfile copies nothing, so its code comes from elsewhere");
        }
        if (inContainer.startsWith("?")
                && stage.copies().stream().noneMatch(copy -> copy.destination().startsWith("?"))) {
            return new Module.Unclear("the Dockerfile sets no WORKDIR, and the base image's own is not known");
        }
        boolean beside = stage.copies().stream()
                .anyMatch(copy -> copy.intoFolder()
                        && inContainer.equals(
                                copy.destination() + "/" + inContainer.substring(inContainer.lastIndexOf('/') + 1)));
        boolean ofNobody = !relative && !covered && !beside;
        if (ofNobody && !mustBeCopied(base, inContainer)) {
            return new Module.Unclear("no COPY puts anything in its folder");
        }
        String made = MadeByRun.reason(stage.runs(), files);
        made = made == null ? installed(start) : made;
        if (made != null) {
            return new Module.Unclear(made);
        }
        if (ofNobody) {
            return new Module.Missing(module, inContainer);
        }
        String likely = lookedFor == null
                ? ContainerPath.belowRoot(contexts.getFirst(), files.paths().getFirst())
                : lookedFor;
        return new Module.Missing(module, likely == null ? files.paths().getFirst() : likely);
    }

    /**
     * True for a shell script at a place where neither the base image nor a package of its distribution has one, and to which no
     * line copies what it is not known of.
     */
    private boolean mustBeCopied(String base, String inContainer) {
        String name = inContainer.substring(inContainer.lastIndexOf('/') + 1);
        return inContainer.endsWith(".sh")
                && PLACED_BY_HAND.matcher(inContainer).matches()
                && !(name.contains("entrypoint") && (name.startsWith("_") || inContainer.startsWith("/usr/")))
                && BaseImages.holdsNoScripts(base)
                // A mount that is not there is told by itself.
                && mounts.stream()
                        .noneMatch(mount ->
                                ContainerPath.below(ContainerPath.resolve("/", mount.target()), inContainer) != null)
                && stage.runs().stream()
                        .noneMatch(run -> FETCHES.matcher(run.text()).find()
                                || (inContainer.startsWith("/usr/local/")
                                        && INSTALLS.matcher(run.text()).find()))
                && stage.copies().stream()
                        .noneMatch(copy -> copy.unclear()
                                || (!copy.destination().startsWith("/")
                                        && copy.sources().stream().anyMatch(source -> source.endsWith(name))));
    }

    /**
     * True where the file is in the context, and nothing puts it at the place that the command names: no mount hides the place, all
     * that is copied or run is understood, and the image is one that brings its code with it.
     */
    private boolean isNotCopiedThere(StartCommand start, String path, String inContainer, String context) {
        String base = stage.base();
        if (doubt != null
                || !mounts.isEmpty()
                || !inContainer.startsWith("/")
                || base == null
                || !BaseImages.isPlain(base)
                || MadeByRun.reason(stage.runs(), files) != null
                || installed(start) != null) {
            return false;
        }
        // A Dockerfile that copies but what it installs from may be meant for code that is mounted when it runs.
        boolean brings = builds.isDeclared(dockerfile);
        for (Dockerfile.Copy copy : stage.copies()) {
            if (copy.unclear() || copy.from() != null || !copy.destination().startsWith("/")) {
                return false;
            }
            for (String source : copy.sources()) {
                String rootPath = ContainerPath.belowRoot(context, source);
                brings |= ContainerPath.resolve("/", source).equals(ContainerPath.resolve("/", path))
                        || (rootPath != null
                                && paths.below(rootPath) instanceof DeployedPath.Below below
                                && below.directory());
            }
        }
        return brings && !stage.copies().isEmpty();
    }

    /** Why an installed package may hold it, or a server's configuration may say where it is; null where neither may. */
    private @Nullable String installed(StartCommand start) {
        boolean environment = stage.copies().stream()
                .anyMatch(copy -> copy.from() != null
                        && (copy.destination() + " " + copy.sources())
                                .matches(".*(venv|site-packages|/usr/local|/root/.local).*"));
        if (files.packaged() && (environment || isInstalledEarlier(stage, 0))) {
            return "a package that another stage installs may hold it";
        }
        boolean configured = "gunicorn".equals(start.runner())
                && start.text().matches(".*(\\s-c\\b|--config|--pythonpath|--chdir|--paste).*");
        return configured || ("gunicorn".equals(start.runner()) && isGunicornMoved())
                ? "gunicorn's configuration may say where it is loaded from"
                : null;
    }

    /** By a variable, or by the file that it reads where it runs (gunicorn, "Configuration Overview"). */
    private boolean isGunicornMoved() {
        if (stage.environment().containsKey("GUNICORN_CMD_ARGS")
                || stage.unclear().contains("GUNICORN_CMD_ARGS")) {
            return true;
        }
        return contexts.stream()
                .map(context -> builds.text(context, "gunicorn.conf.py"))
                .anyMatch(text -> text != null && MOVES.matcher(text).find());
    }

    /** True where this stage copies from one that installs the project: an environment in the copied folder may name it. */
    private boolean isInstalledEarlier(Dockerfile.Stage from, int depth) {
        for (Dockerfile.Copy copy : from.copies()) {
            Dockerfile.Stage other = depth > DEEPEST_STAGE ? null : stageCalled(copy.from());
            if (other != null
                    && (MadeByRun.reason(other.runs(), files) != null || isInstalledEarlier(other, depth + 1))) {
                return true;
            }
        }
        return false;
    }

    static boolean isGlob(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    /** Go's filepath.Match, which COPY uses; a character class counts as any one character. */
    static boolean matches(String pattern, String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (in < name.length()) {
            char c = at < pattern.length() ? pattern.charAt(at) : 0;
            int close = c == '[' ? pattern.indexOf(']', at) : -1;
            if (c == '*') {
                star = at++;
                retry = in;
            } else if (c == '?' || close > 0 || (at < pattern.length() && c == name.charAt(in))) {
                at = close > 0 ? close + 1 : at + 1;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++retry;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
