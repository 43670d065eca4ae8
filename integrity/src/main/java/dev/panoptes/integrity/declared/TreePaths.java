package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Place;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks paths of the deployed machine up in a scanned tree. Safe for use by several threads. */
final class TreePaths implements DeployedPaths {
    private static final int LONGEST_PATH = 4_096;
    private static final int MOST_REMEMBERED = 100_000;
    private static final Set<String> BUILD_PRODUCTS =
            Set.of("venv", ".venv", "virtualenv", "site-packages", "node_modules", "dist", "build", "target", ".next");

    private static final Set<String> INSTALLED =
            Set.of("venv", ".venv", "virtualenv", "site-packages", "node_modules", ".next");

    private static final Pattern PLACEHOLDER =
            Pattern.compile("(%h|__\\w+__|\\{\\{\\s*[\\w.]+\\s*}}|@\\w+@|<[\\w-]+>|%\\w{2,}%)(/.*)?");

    private static final Pattern DOCUMENTS =
            Pattern.compile("(?:^|/)_?(?:docs?|documentation|guides?|tutorials?|wiki)/");

    private static final Pattern SYSTEM =
            Pattern.compile("/(bin|sbin|lib|lib64|usr/(?!local/)[^/]+|dev|proc|sys|run|tmp)(/.*)?");

    private final ScannedTree tree;
    private final List<String> prefixes;
    private final String whyNone;
    private final PlacedByHand byHand;
    private final Map<String, DeployedPath> seen = new ConcurrentHashMap<>();

    private static final Pattern OWN = Pattern.compile("(usr/local|opt|srv|home|etc/systemd)/");

    /**
     * @param prefixes the directories of the deployed machine that the root stands for; empty where none is known
     * @param whyNone why it is not known, one sentence; empty where it is
     */
    TreePaths(ScannedTree tree, List<String> prefixes, String whyNone) {
        this.tree = tree;
        this.prefixes = List.copyOf(prefixes);
        this.whyNone = whyNone;
        this.byHand = PlacedByHand.in(tree);
    }

    @Override
    public DeployedPath locate(String written) {
        String absolute = rooted(written);
        if (!absolute.startsWith("/") || absolute.length() > LONGEST_PATH) {
            return new DeployedPath.Unclear("the path " + shortened(absolute) + " is not absolute");
        }
        if (isOpen(absolute)) {
            return new DeployedPath.Unclear(
                    "the path " + shortened(absolute) + " holds a placeholder that is not known here");
        }
        String path = normalized(absolute);
        if (prefixes.isEmpty()) {
            return new DeployedPath.Unclear(whyNone);
        }
        for (String prefix : prefixes) {
            String base = prefix.equals("/") ? "" : prefix;
            if (path.equals(prefix)) {
                return below("");
            }
            if (path.startsWith(base + "/")) {
                DeployedPath found = below(path.substring(base.length() + 1));
                return base.isEmpty() && isOfMachine(found) ? new DeployedPath.Outside() : found;
            }
        }
        return !isPlaceholder(absolute)
                ? new DeployedPath.Outside()
                : new DeployedPath.Unclear(
                        "the path " + shortened(written) + " begins with a placeholder that is not known here");
    }

    /**
     * True for what is not there in a tree that is laid over a machine's own files: the machine may hold it, unless it belongs into
     * a folder of the tree below those that packages leave alone.
     */
    private boolean isOfMachine(DeployedPath found) {
        return found instanceof DeployedPath.Below(String rootPath, boolean exists, boolean directory)
                && !exists
                && !(OWN.matcher(rootPath).lookingAt() && tree.look(PathNames.parent(rootPath)) instanceof Place.Here);
    }

    @Override
    public DeployedPath locateHere(String absolute) {
        if (absolute.startsWith("/") && absolute.length() <= LONGEST_PATH) {
            String path = normalized(absolute);
            for (String root : List.of(
                    tree.realRoot().toString(),
                    tree.root().toAbsolutePath().normalize().toString())) {
                String base = root.equals("/") ? "" : root;
                if (path.startsWith(base + "/")) {
                    return below(path.substring(base.length() + 1));
                }
            }
        }
        return locate(absolute);
    }

    /** True for an absolute path that begins with such a placeholder. */
    static boolean isPlaceholder(String absolute) {
        return PLACEHOLDER.matcher(absolute.substring(1)).matches();
    }

    /** True where a part of an absolute path, besides such a beginning, is known only where it is deployed. */
    static boolean isOpen(String absolute) {
        int rest = isPlaceholder(absolute) ? absolute.indexOf('/', 1) : 0;
        return rest >= 0 && (absolute.indexOf('%', rest) >= 0 || absolute.indexOf('$', rest) >= 0);
    }

    /**
     * A path that begins with the home directory ({@code %h}) or with a placeholder that an installer replaces, as if that
     * were a folder of the machine; others as they are.
     */
    static String rooted(String path) {
        return PLACEHOLDER.matcher(path).matches() ? "/" + path : path;
    }

    @Override
    public List<String> prefixes() {
        return prefixes;
    }

    @Override
    public DeployedPath below(String rootPath) {
        if (rootPath.length() > LONGEST_PATH) {
            return new DeployedPath.Unclear("a path is longer than " + LONGEST_PATH + " characters");
        }
        String path = normalized("/" + rootPath).substring(1);
        if (("/" + rootPath + "/").contains("/../") && climbsOut(rootPath)) {
            return new DeployedPath.Outside();
        }
        DeployedPath known = seen.get(path);
        if (known != null) {
            return known;
        }
        String product = buildProduct(path);
        DeployedPath located = product == null || isKept(path) ? look(path) : new DeployedPath.BuildProduct(product);
        if (seen.size() < MOST_REMEMBERED) {
            seen.put(path, located);
        }
        return located;
    }

    /** True for what is there and not excluded by Git: a folder called build may hold Dockerfiles, and no build makes those. */
    private boolean isKept(String path) {
        return tree.look(path) instanceof Place.Here && byHand.reason(path) == null && !isInstalled(path);
    }

    private DeployedPath look(String path) {
        return switch (tree.look(path)) {
            case Place.Here here -> new DeployedPath.Below(path, true, here.directory());
            case Place.Absent absent -> {
                String hand = byHand.reason(path);
                hand = hand == null && DOCUMENTS.matcher(path).find()
                        ? "lies in a folder of documents, whose files may be meant for another project"
                        : hand;
                yield hand == null
                        ? new DeployedPath.Below(path, false, false)
                        : new DeployedPath.Unclear("the path " + shortened(path) + " " + hand);
            }
            case Place.Unclear(String reason) -> new DeployedPath.Unclear("the path " + path + " " + reason);
        };
    }

    /** True for what the operating system's own packages bring. */
    static boolean fromPackages(String absolute) {
        return SYSTEM.matcher(absolute).matches();
    }

    /** True for what an installation makes: nobody keeps it in a tree by hand. */
    private static boolean isInstalled(String path) {
        return Arrays.stream(path.split("/")).anyMatch(INSTALLED::contains);
    }

    /** The component of a path that an installation or build makes; null where there is none. */
    static @Nullable String buildProduct(String path) {
        for (String component : path.split("/")) {
            if (BUILD_PRODUCTS.contains(component)) {
                return component;
            }
        }
        return null;
    }

    /** Without {@code //}, {@code .} and {@code ..}; {@code ..} of the top is the top, as on the machine. */
    static String normalized(String absolute) {
        Deque<String> components = new ArrayDeque<>();
        for (String component : absolute.split("/")) {
            if (component.equals("..")) {
                components.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                components.addLast(component);
            }
        }
        return "/" + String.join("/", components);
    }

    private static boolean climbsOut(String relative) {
        int depth = 0;
        for (String component : relative.split("/")) {
            if (component.equals("..")) {
                depth--;
            } else if (!component.isEmpty() && !component.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    static String shortened(String path) {
        return path.length() > 100 ? path.substring(0, 100) + " ..." : path;
    }
}
