package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the registry declares it.
 *
 * @param key the map key: this is what links directories, units and services to the agent
 * @param name what the agent reports about itself; null where absent
 * @param host the explicit {@code host}; null where absent ({@link Registry#endpoint} decides)
 * @param path directory of its code, relative to the root unless absolute
 * @param unit name of its systemd unit
 * @param exe absolute path of its executable
 * @param core true or false where the registry says so, null where it is silent and the profile decides
 * @param connection null where absent or not a map
 * @param enabled false where it is switched off, deprecated or retired: then nothing of it must run and nothing may rest on it
 * @param portless true for {@code connection: none}: a job, a queue's worker, a command, which nobody connects to
 * @param statusOnly true where the health endpoint only answers 2xx and says nothing of itself
 * @param unread the tag or reference behind which a part of the entry stands unread; null where all of it was read
 * @param placement {@link Placement#SINGLE} where absent
 * @param kubernetes the Service behind which it runs; null where the registry names none
 * @param location where the key stands
 */
public record DeclaredAgent(
        String key,
        @Nullable Located<String> name,
        @Nullable String version,
        @Nullable String category,
        @Nullable String host,
        @Nullable String path,
        @Nullable String unit,
        @Nullable String exe,
        @Nullable Boolean core,
        @Nullable String publicKey,
        boolean enrollRequired,
        boolean enabled,
        boolean portless,
        boolean statusOnly,
        @Nullable String unread,
        Placement placement,
        @Nullable KubernetesService kubernetes,
        @Nullable Connection connection,
        List<String> capabilities,
        List<Action> actions,
        Location location) {
    public DeclaredAgent {
        capabilities = List.copyOf(capabilities);
        actions = List.copyOf(actions);
    }

    /** An agent that is to run, has a port, and whose entry was read whole. */
    public DeclaredAgent(
            String key,
            @Nullable Located<String> name,
            @Nullable String version,
            @Nullable String category,
            @Nullable String host,
            @Nullable String path,
            @Nullable String unit,
            @Nullable String exe,
            @Nullable Boolean core,
            @Nullable String publicKey,
            boolean enrollRequired,
            Placement placement,
            @Nullable Connection connection,
            List<String> capabilities,
            List<Action> actions,
            Location location) {
        this(
                key,
                name,
                version,
                category,
                host,
                path,
                unit,
                exe,
                core,
                publicKey,
                enrollRequired,
                true,
                false,
                false,
                null,
                placement,
                null,
                connection,
                capabilities,
                actions,
                location);
    }

    /** The declared name, or the key where there is none. */
    public String displayName() {
        return name == null ? key : name.value();
    }

    /** True where a reported name is this agent's name or key; case and separators do not matter. */
    public boolean answersTo(String reported) {
        String identity = Keys.identity(reported);
        return identity.equals(Keys.identity(key)) || (name != null && identity.equals(Keys.identity(name.value())));
    }
}
