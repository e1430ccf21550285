-- The operator blocks, a parent disables, and an account is closed: each by a column of its own, so that no verb undoes
-- what another has done. `status` says in one word what they come to.
alter table account
  add column blocked_at timestamptz,
  add column disabled_at timestamptz,
  add column deleted_at timestamptz;

-- When it happened is in the audit; where that is gone, the account's beginning stands for it.
update account a
set blocked_at = case a.status when 'blocked' then since.at end,
    disabled_at = case a.status when 'disabled' then since.at end,
    deleted_at = case a.status when 'deleted' then since.at end
from (
  select of.id,
         coalesce(
           (select max(e.at) from audit_entry e
            where e.subject_kind = 'account' and e.subject_id = of.id
              and e.action = case of.status when 'blocked' then 'account.block' when 'disabled' then 'account.update'
                                            else 'account.delete' end),
           of.created_at) as at
  from account of where of.status <> 'active') since
where since.id = a.id;

alter table account drop column status;
alter table account add column status text not null generated always as (
  case when deleted_at is not null then 'deleted'
       when blocked_at is not null then 'blocked'
       when disabled_at is not null then 'disabled'
       else 'active' end) stored;
