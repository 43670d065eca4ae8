package dev.panoptes.integrity.declared;

import java.util.Locale;
import java.util.regex.Pattern;

/** Where the build context of a compose service lies. */
public sealed interface BuildContext {
    /** @param rootPath empty for the root itself; @param exists true where something is there */
    record Local(String rootPath, boolean exists, boolean directory) implements BuildContext {}

    /** A Git repository, an archive on the net, another image: not in the tree. */
    record Remote() implements BuildContext {}

    /** Outside the root or the deployed prefix: not judged offline. */
    record Outside() implements BuildContext {}

    /** @param reason one sentence without a full stop */
    record Unclear(String reason) implements BuildContext {}

    /** Schemes and forms that Docker fetches (docker build, "Remote context"). */
    Pattern REMOTE =
            Pattern.compile("(?i)([a-z][a-z0-9+.-]*://|git@|github\\.com/|target:|service:).*|.*\\.git([#?].*)?");

    Pattern WINDOWS = Pattern.compile("[a-zA-Z]:[\\\\/]");

    /** Where this build's context lies. */
    static BuildContext of(Declarations declarations, ComposeFile.Build build) {
        String unclear = build.contextUnclear();
        if (unclear != null) {
            return new Unclear(unclear);
        }
        String context = build.context();
        return REMOTE.matcher(context).matches()
                ? new Remote()
                : path(declarations.paths(), build.directory(), context.isEmpty() ? "." : context);
    }

    /**
     * Where this build's Dockerfile lies; {@link Remote} where its text stands in the compose file.
     *
     * @param context as {@link #of} says
     */
    static BuildContext dockerfile(Declarations declarations, ComposeFile.Build build, Local context) {
        String unclear = build.dockerfileUnclear();
        String written = build.dockerfile();
        if (unclear != null) {
            return new Unclear(unclear);
        }
        if (build.inline() != null) {
            return new Remote();
        }
        if (written != null) {
            return path(declarations.paths(), context.rootPath(), written);
        }
        BuildContext standard = path(declarations.paths(), context.rootPath(), "Dockerfile");
        for (String other : new String[] {"dockerfile", "Containerfile"}) {
            // BuildKit also takes the lower-case name, podman the other one.
            if (standard instanceof Local here
                    && !here.exists()
                    && path(declarations.paths(), context.rootPath(), other) instanceof Local found
                    && found.exists()) {
                return found;
            }
        }
        return standard;
    }

    private static BuildContext path(DeployedPaths paths, String folder, String written) {
        if (written.startsWith("~")) {
            return new Unclear("it lies in the home directory of whoever runs compose");
        }
        if (WINDOWS.matcher(written).lookingAt()) {
            return new Outside();
        }
        DeployedPath place;
        if (written.startsWith("/")) {
            place = paths.locate(written);
        } else {
            String rootPath = ContainerPath.belowRoot(folder, written);
            if (rootPath == null) {
                return new Outside();
            }
            place = paths.below(rootPath);
        }
        return switch (place) {
            case DeployedPath.Below(String rootPath, boolean exists, boolean directory) ->
                new Local(rootPath, exists, directory);
            case DeployedPath.Outside outside -> new Outside();
            case DeployedPath.BuildProduct(String component) ->
                new Unclear(String.format(Locale.ROOT, "it goes through %s, which a build makes", component));
            case DeployedPath.Unclear(String reason) -> new Unclear(reason);
        };
    }
}
