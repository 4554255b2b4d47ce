# LocalStack as it is, but for the one folder that it does not let be configured: its S3 keeps larger objects below the files of this
# LocalStack, not in /tmp, where they would outlive it.

import os
import sys

from localstack.runtime.main import main
from localstack.services.s3.storage.ephemeral import EphemeralS3ObjectStore

initialise = EphemeralS3ObjectStore.__init__


def initialise_below_root(store, root_directory=None):
    initialise(store, os.path.join(os.environ["FILESYSTEM_ROOT"], "s3"))


EphemeralS3ObjectStore.__init__ = initialise_below_root

sys.exit(main())
