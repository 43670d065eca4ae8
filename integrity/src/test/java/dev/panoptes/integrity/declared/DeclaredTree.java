package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.integrity.world.WorldBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Files of a small fleet without a registry, read by the real readers. */
final class DeclaredTree {
    private final Path root;

    DeclaredTree(Path root) {
        this.root = root;
    }

    DeclaredTree file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
        return this;
    }

    Declarations read() throws InterruptedException {
        DeclarationsReader.Result result = new DeclarationsReader(new CodeReader(FactCache.none()))
                .read(new DeclarationsReader.Request(root, "agents", "/opt/fleet", registry(), Duration.ofSeconds(60)));
        assertThat(result).isInstanceOf(DeclarationsReader.Result.Read.class);
        return ((DeclarationsReader.Result.Read) result).declarations();
    }

    static Launches launches(Declarations declarations) {
        return new Links(registry(), declarations).launches();
    }

    private static Registry registry() {
        return new WorldBuilder().build().registry();
    }
}
