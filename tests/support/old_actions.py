"""What release 1.0.0 called the audit trail's actions, and what they are called since migration 0002."""

OLD_ACTIONS = {
    "login": "login.succeed",
    "login-failed": "login.fail",
    "logout": "login.end",
    "password": "password.change",
    "user-reset": "password.reset",
    "user-add": "user.add",
    "user-enable": "user.enable",
    "user-disable": "user.disable",
    "user-role": "role.change",
    "key-add": "key.add",
    "key-revoke": "key.revoke",
    "feedback-accept": "feedback.accept",
    "feedback-reject": "feedback.reject",
    "feedback-undo": "feedback.undo",
    "version.first": "version.install",
    "run.start": "run.start",
}
