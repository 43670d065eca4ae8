package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The images of the services of a tree, each looked for once. Safe for use by several threads. */
final class ServiceImages {
    private final Declarations declarations;
    private final Map<String, Dockerfile> dockerfiles = new HashMap<>();
    private final Map<ComposeFile.Service, Image> known = Collections.synchronizedMap(new IdentityHashMap<>());

    ServiceImages(Declarations declarations) {
        this.declarations = declarations;
        declarations.dockerfiles().forEach(dockerfile -> dockerfiles.put(dockerfile.rootPath(), dockerfile));
    }

    /**
     * The image of a service as far as the tree shows it.
     *
     * @param context rootPath of the build context; null where it is not in the tree
     * @param dockerfile null where there is none, as for an image that is only pulled
     * @param unclear why a build cannot be followed; null where it can, or where nothing is built
     */
    record Image(
            @Nullable String context,
            @Nullable Dockerfile dockerfile,
            Dockerfile.@Nullable Stage stage,
            @Nullable String unclear) {
        static Image unclear(String reason) {
            return new Image(null, null, null, reason);
        }

        boolean isBuilt() {
            return dockerfile != null;
        }
    }

    Image of(ComposeFile.Service service) {
        Image image = known.get(service);
        if (image == null) {
            image = search(service);
            known.put(service, image);
        }
        return image;
    }

    private Image search(ComposeFile.Service service) {
        ComposeFile.Build build = service.build();
        if (build == null) {
            return new Image(null, null, null, null);
        }
        return switch (BuildContext.of(declarations, build)) {
            case BuildContext.Local context when context.directory() -> image(build, context);
            case BuildContext.Local missing -> Image.unclear("its build context does not exist");
            case BuildContext.Remote remote -> Image.unclear("its build context is not in the scanned tree");
            case BuildContext.Outside outside -> Image.unclear("its build context is not in the scanned tree");
            case BuildContext.Unclear(String reason) -> Image.unclear("its build context is not known: " + reason);
        };
    }

    private Image image(ComposeFile.Build build, BuildContext.Local context) {
        Dockerfile dockerfile = build.inline();
        if (dockerfile == null) {
            dockerfile = BuildContext.dockerfile(declarations, build, context)
                            instanceof BuildContext.Local(String rootPath, boolean exists, boolean directory)
                    ? dockerfiles.get(rootPath)
                    : null;
        }
        if (dockerfile == null) {
            return Image.unclear("its Dockerfile is not in the scanned tree or cannot be read");
        }
        dockerfile = given(dockerfile, build);
        Dockerfile.Stage stage = dockerfile.stage(build.target()).orElse(null);
        return stage == null
                ? Image.unclear("its Dockerfile has no stage that it could be")
                : new Image(context.rootPath(), dockerfile, stage, null);
    }

    /** The Dockerfile as this build's arguments make it: they may say what is copied, and from which image it begins. */
    private Dockerfile given(Dockerfile dockerfile, ComposeFile.Build build) {
        String text = build.arguments().isEmpty() || build.inline() != null
                ? null
                : declarations.code().text(dockerfile.rootPath());
        return text == null || !text.contains("ARG")
                ? dockerfile
                : DockerfileReader.read(dockerfile.rootPath(), text, new ArrayList<>(), build.arguments());
    }
}
