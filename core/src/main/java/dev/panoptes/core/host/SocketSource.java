package dev.panoptes.core.host;

import java.io.IOException;
import java.util.List;

/** Lists the listening TCP sockets of one network namespace. */
interface SocketSource {
    /**
     * @throws IOException where they cannot be listed; the message is one sentence for people
     * @throws InterruptedException when the caller was interrupted
     */
    List<ListeningSocket> listening() throws IOException, InterruptedException;
}
