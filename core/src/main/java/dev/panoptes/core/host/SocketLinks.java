package dev.panoptes.core.host;

/** Finds the sockets among the open files of a process. Not thread-safe: one instance per walking thread. */
interface SocketLinks extends AutoCloseable {
    /** How looking at one process ended. */
    enum Visit {
        SEEN,
        /** Not allowed to look. */
        DENIED,
        /** The process ended, or the tree holds no open files of it. */
        GONE
    }

    /** Reports the inode of every socket that the process has open. */
    Visit visit(int pid, Found found);

    @Override
    void close();

    /** Takes what was found. */
    interface Found {
        void socket(int pid, long inode);
    }
}
