/** What happens to a key and is worth hearing of. */
export enum KeyEvent {
  /** Its deletion was scheduled: the waiting period runs. */
  DELETION_SCHEDULED = 'DELETION_SCHEDULED',
  /** It was disabled: what is encrypted under it cannot be read. */
  DISABLED = 'DISABLED',
  /** Its key policy was written. */
  POLICY_CHANGED = 'POLICY_CHANGED',
  /** A grant was created, but not by an AWS service on behalf of somebody. */
  GRANT_CREATED = 'GRANT_CREATED',
  /** A grant was created by an AWS service on behalf of somebody, as EBS and RDS do all the time. */
  GRANT_CREATED_BY_SERVICE = 'GRANT_CREATED_BY_SERVICE',
  /** An alias was created, moved or deleted, which can change what policies allow. */
  ALIAS_CHANGED = 'ALIAS_CHANGED',
  /** Its tags were changed, which can change what policies allow. */
  TAGS_CHANGED = 'TAGS_CHANGED',
  /** Its automatic rotation was turned off. */
  ROTATION_DISABLED = 'ROTATION_DISABLED',
  /** Its imported material was deleted: what is encrypted under it cannot be read until it is imported again. */
  MATERIAL_DELETED = 'MATERIAL_DELETED',
  /** It was rotated. */
  ROTATED = 'ROTATED',
  /** Its imported material has expired: what is encrypted under it cannot be read until it is imported again. */
  MATERIAL_EXPIRED = 'MATERIAL_EXPIRED',
  /** It is gone, and with it all that is encrypted under it. */
  DELETED = 'DELETED',
}
