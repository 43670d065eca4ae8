package dev.panoptes.cli.simulate;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where pretended agents call. */
public interface Servers {
    /** Somebody who calls. */
    interface Caller {
        /** @param body JSON; null for none @param patience for everything, other servers that are asked instead included */
        Reply call(String method, String path, byte @Nullable [] body, Duration patience)
                throws UsageException, InterruptedException;
    }

    /** An operator. */
    Caller operator();

    /** Somebody with a token. */
    Caller as(Token somebody);

    /** One server, called as an operator. */
    static Servers one(ServerClient client) {
        return new Servers() {
            @Override
            public Caller operator() {
                return client::call;
            }

            @Override
            public Caller as(Token somebody) {
                return client.as(somebody)::call;
            }
        };
    }
}
