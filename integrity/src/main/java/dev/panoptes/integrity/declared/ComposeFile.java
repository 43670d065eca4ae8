package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compose file (Compose Specification) together with the override file beside it, which compose reads with it.
 *
 * @param rootPath below the scan's root
 * @param services in file order, those that only the override file has last
 */
public record ComposeFile(String rootPath, List<Service> services) {
    public ComposeFile {
        services = List.copyOf(services);
    }

    /** The rootPath of its folder; empty for the root itself. */
    public String directory() {
        return rootPath.substring(0, Math.max(0, rootPath.lastIndexOf('/')));
    }

    /**
     * A service with all that {@code extends}, anchors and override files give it.
     *
     * @param file rootPath of the file that defines it: the compose file's or its override's
     * @param hostNetwork true for {@code network_mode: host}: what the container listens on is on the host
     * @param networkOf the service whose network it shares ({@code network_mode: service:x}); null where it has its own
     * @param image null where absent or not known
     * @param build null where the service has no build section
     * @param entrypoint null where the image's applies
     * @param command null where the image's applies
     * @param workingDirectory null where the image's applies
     * @param healthcheck the port that its {@code test} asks on the container itself; null where there is none
     * @param environment of {@code environment} and {@code env_file}
     * @param mounts folders and files of the host that it sees, in order
     */
    public record Service(
            String name,
            String file,
            int line,
            List<Published> ports,
            List<String> profiles,
            boolean hostNetwork,
            @Nullable String networkOf,
            @Nullable String image,
            @Nullable Build build,
            @Nullable Invocation entrypoint,
            @Nullable Invocation command,
            @Nullable String workingDirectory,
            @Nullable HealthcheckPort healthcheck,
            Environment environment,
            List<Mount> mounts) {
        public Service {
            ports = List.copyOf(ports);
            profiles = List.copyOf(profiles);
            mounts = List.copyOf(mounts);
        }

        /** How reports name it. */
        public String id() {
            return file + "#" + name;
        }
    }

    /**
     * One published port; a range gives one each.
     *
     * @param address the host address, {@code ""} for every address
     * @param host null where Docker picks one
     * @param file rootPath of the file that publishes it, which may be an override or an extended one
     */
    public record Published(
            String address,
            @Nullable PortValue host,
            PortValue container,
            String protocol,
            String file,
            int line,
            String text) {}

    /**
     * @param context as written, variables replaced where they are known; relative to {@code directory}
     * @param contextUnclear why the context cannot be told; null where it can
     * @param dockerfile as written, relative to the context; null where absent
     * @param dockerfileUnclear why the Dockerfile's path cannot be told; null where it can
     * @param inline what {@code dockerfile_inline} holds; null where absent
     * @param target the stage that is built; null for the last
     * @param arguments build arguments with known values
     * @param unclearArguments build arguments whose value cannot be told
     * @param directory rootPath of the folder of the file that writes the build section; empty for the root itself
     * @param file rootPath of that file
     */
    public record Build(
            String context,
            @Nullable String contextUnclear,
            @Nullable String dockerfile,
            @Nullable String dockerfileUnclear,
            @Nullable Dockerfile inline,
            @Nullable String target,
            Map<String, String> arguments,
            Set<String> unclearArguments,
            String directory,
            String file,
            int line) {
        public Build {
            arguments = Map.copyOf(arguments);
            unclearArguments = Set.copyOf(unclearArguments);
        }

        /** A build section that says no more than its context and its Dockerfile. */
        public static Build of(String file, int line, String context, @Nullable String dockerfile) {
            String directory = file.substring(0, Math.max(0, file.lastIndexOf('/')));
            return new Build(context, null, dockerfile, null, null, null, Map.of(), Set.of(), directory, file, line);
        }
    }

    public record HealthcheckPort(PortValue port, String file, int line, String text) {}

    /**
     * What the container's environment holds.
     *
     * @param known variables with their values, which are never printed
     * @param unclear names of variables that are set, to a value that cannot be told
     * @param incomplete why more may be set, such as an {@code env_file} that is not in the tree; null where not
     */
    public record Environment(
            Map<String, String> known,
            Set<String> unclear,
            @Nullable String incomplete) {
        public static final Environment EMPTY = new Environment(Map.of(), Set.of(), null);

        public Environment {
            known = Map.copyOf(known);
            unclear = Set.copyOf(unclear);
        }
    }

    /**
     * A bind mount.
     *
     * @param source as written: relative to {@code directory}, or absolute on the deployed machine; null where it cannot be
     *     told
     * @param target absolute path in the container
     * @param directory rootPath of the folder of the file that writes it
     */
    public record Mount(@Nullable String source, String target, String directory) {}
}
