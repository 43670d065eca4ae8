package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a file that the tree does not hold may yet be there where it is built or deployed: an example of it lies beside it, or a line of
 * a script, a workflow or a document makes it. What may make one is read when it is first asked for. Safe for use by several threads.
 */
public final class MadeFiles {
    private static final int MOST_FILES = 1_000;
    private static final int MOST_LOOKED_AT = 50_000;
    private static final int LARGEST_BYTES = 1 << 18;
    private static final int DEEPEST = 8;
    private static final int LONGEST_LINE = 2_000;
    private static final Set<String> SKIPPED = Table.files().words("skipped");
    private static final Pattern TELLS = Pattern.compile(
            "(?i).*\\.(sh|bash|zsh|ps1|bat|md|mdx|rst|adoc|mk|nix)|(gnu)?makefile.*|justfile|\\.justfile|taskfile.*\\.ya?ml|vagrantfile"
                    + "|jenkinsfile.*|rakefile|package\\.json|readme.*|install.*|setup.*|configure.*|bootstrap.*|gen(erate)?[-_.].*"
                    + "|\\.(travis|gitlab-ci|drone|woodpecker|appveyor)\\.ya?ml|azure-pipelines\\.ya?ml|cloudbuild\\.ya?ml|tox\\.ini"
                    + "|\\.?goreleaser.*\\.ya?ml|build\\.(xml|gradle|gradle\\.kts)|noxfile\\.py|tasks\\.py|fabfile\\.py");
    /** Folders of which every file may make others. */
    private static final Pattern MAKERS = Pattern.compile(
            "(?i)(.*/)?(hooks|scripts?|bin|ci|\\.github/workflows|\\.circleci|\\.woodpecker|tools)/[^/]+");

    private static final Pattern DOCUMENT = Pattern.compile("(?i).*\\.(md|mdx|rst|adoc|txt)|readme|install");
    private static final Pattern RELEASER = Pattern.compile("\\.?goreleaser.*\\.ya?ml");
    /** The folder that stands before the name. */
    private static final Pattern FOLDER = Pattern.compile("[\\w./~+=,${}:\"'`@()%-]*$");
    /** What stands before a file that a command writes: a redirection, an option, or the command itself. */
    private static final Pattern WRITES = Pattern.compile(
            "(>>?\\|?\\s*|\\s(-o|-O|--output|--out|-out|-keyout|--output-document|--outfile|-outfile)[ =]\\s*"
                    + "|\\b(dest|destination|path|creates)\\s*[:=]\\s*"
                    + "|\\b(touch|tee|htpasswd|mosquitto_passwd|ssh-keygen|mkcert|keytool|sqlite3|mkdir|curl|wget|certutil|envsubst|gomplate"
                    + "|age-keygen|git clone|unzip)\\s[^|;&]*"
                    + "|\\b(cp|mv|ln|scp|rsync|install\\s+-[mDCd]\\S*)\\s+(-\\S+\\s+)*[^\\s-]\\S*\\s+[^|;&]*)$");

    private static final Pattern PROSE = Pattern.compile(
            "(?i)\\b(creat(e|es|ed|ing)|cop(y|ies|ied)|renam(e|ed)|download(s|ed)?|generat(e|es|ed|ing)|plac(e|ed)|put|sav(e|ed)"
                    + "|obtain|provide|fill|(get|make|write|add) (a|an|the|your))\\b");

    /** {@code mv archive/NAME .} and the like: what stands behind the name. */
    private static final Pattern BROUGHT =
            Pattern.compile("^[\"']?\\s+(\\.|\\./\\S*|[\\w./${}-]*/)?[\"']?\\s*($|[;&|)])");

    private static final Pattern MOVES = Pattern.compile("\\b(cp|mv)\\s+(-\\S+\\s+)*$");

    private static final List<String> WORDS = List.of(
            "example", "sample", "dist", "template", "tmpl", "tpl", "default", "defaults", "orig", "skel", "demo");
    private static final List<String> SUFFIXES =
            List.of("j2", "jinja", "in", "erb", "enc", "gpg", "age", "sops", "vault");

    private final Path root;
    private final DeployedPaths paths;
    private @Nullable List<Text> texts;

    private record Text(String rootPath, List<String> lines, boolean document, boolean releaser) {
        /**
         * @param before what stands before the name in its line
         * @param after what stands behind it
         */
        boolean makes(String before, String after) {
            String folder = FOLDER.matcher(before).replaceFirst("");
            return releaser
                    || (MOVES.matcher(folder).find()
                            && folder.length() < before.length()
                            && BROUGHT.matcher(after).find())
                    || WRITES.matcher(folder).find()
                    || (document && PROSE.matcher(before).find());
        }
    }

    /** @param declarations of the tree */
    public MadeFiles(Declarations declarations) {
        this.root = declarations.root();
        this.paths = declarations.paths();
    }

    /** A clause; null where nothing says so. */
    public @Nullable String doubt(String rootPath) {
        String path = TreePaths.normalized("/" + rootPath).substring(1);
        String folder = PathNames.parent(path);
        String name = PathNames.last(path);
        for (String example : examples(name)) {
            if (paths.below(PathNames.join(folder, example))
                            instanceof DeployedPath.Below(String found, boolean exists, boolean directory)
                    && exists
                    && !directory) {
                return found + " lies beside it, so it is made by hand where it is deployed";
            }
        }
        String made = name.length() < 3 ? null : made(name);
        return made == null && !folder.isEmpty() ? builtInto(folder) : made;
    }

    /** Where a command writes into the folder what it is not told the name of: {@code go build -o bin/$@}, {@code -o bin/ ./...}. */
    private @Nullable String builtInto(String folder) {
        Pattern output = Pattern.compile("\\s(-o|--output|-out|--outdir|-outdir)[ =]\\s*[\"']?(\\./)?"
                + Pattern.quote(folder) + "/([\\w.-]*[$%{][^\\s/]*|[\"']?(?=\\s|$))");
        for (Text text : texts()) {
            for (int i = 0; i < text.lines.size(); i++) {
                String line = text.lines.get(i);
                if (line.length() <= LONGEST_LINE
                        && line.contains(folder)
                        && output.matcher(line).find()) {
                    return text.rootPath + ":" + (i + 1) + " writes into " + folder + " and may make it";
                }
            }
        }
        return null;
    }

    /** Where a line makes it. */
    private @Nullable String made(String name) {
        String quoted = Pattern.quote(name);
        Pattern word = Pattern.compile("(?<![\\w.-])" + quoted + "(?![\\w-]|\\.\\w)" + "|(?<![\\w.-])[\\w.-]*" + quoted
                + "\\.(tar|tgz|zip|gz|xz|bz2)\\b");
        for (Text text : texts()) {
            int number = 0;
            for (String line : text.lines) {
                number++;
                if (line.length() > LONGEST_LINE || !line.contains(name)) {
                    continue;
                }
                Matcher place = word.matcher(line);
                while (place.find()) {
                    String before = line.substring(0, place.start());
                    if (text.makes(before, line.substring(place.end()))) {
                        return text.rootPath + ":" + number + " speaks of it and may make it";
                    }
                }
            }
        }
        return null;
    }

    private synchronized List<Text> texts() {
        if (texts == null) {
            List<Text> found = new ArrayList<>();
            try {
                walk(found);
            } catch (IOException e) {
                // What cannot be read makes nothing that could be told.
                found.clear();
            }
            texts = found;
        }
        return texts;
    }

    private void walk(List<Text> into) throws IOException {
        int[] left = {MOST_LOOKED_AT};
        Files.walkFileTree(root, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                String name = String.valueOf(each.getFileName());
                return name.equals(".git") || SKIPPED.contains(name)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String rootPath = root.relativize(file).toString();
                if (attributes.isRegularFile()
                        && attributes.size() <= LARGEST_BYTES
                        && (TELLS.matcher(PathNames.last(rootPath)).matches()
                                || MAKERS.matcher(rootPath).matches())) {
                    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                    String name = PathNames.last(rootPath);
                    // It puts what it has built beside the Dockerfile.
                    boolean releaser = RELEASER.matcher(name).matches() && text.contains("dockers");
                    into.add(new Text(
                            rootPath,
                            text.lines().toList(),
                            DOCUMENT.matcher(name).matches(),
                            releaser));
                }
                return left[0]-- > 0 && into.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException exc) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<String> examples(String name) {
        List<String> examples = new ArrayList<>();
        String bare = name.startsWith(".") ? name.substring(1) : name;
        int dot = name.lastIndexOf('.');
        for (String suffix : SUFFIXES) {
            examples.add(name + "." + suffix);
            examples.add(bare + "." + suffix);
        }
        for (String word : WORDS) {
            for (String sign : List.of(".", "-", "_")) {
                examples.add(name + sign + word);
                examples.add(bare + sign + word);
                examples.add(word + sign + bare);
                if (dot > 0) {
                    // api.env: api.example.env, api-sample.env.
                    examples.add(name.substring(0, dot) + sign + word + name.substring(dot));
                }
            }
            examples.add(word + name);
            if (dot > 0) {
                // config.yml: config.example.
                examples.add(name.substring(0, dot) + "." + word);
            }
        }
        return examples.stream()
                .distinct()
                .filter(each -> !each.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .toList();
    }
}
