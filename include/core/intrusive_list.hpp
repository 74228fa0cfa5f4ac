// SPDX-License-Identifier: Apache-2.0
// A doubly linked list whose links live inside the elements: no allocation, O(1) removal.
#pragma once

#include <cstddef>

namespace skerry {

/// Base of an element. `Tag` tells the lists apart when an object is in several at once.
/// An element must leave its list before it is destroyed.
template <class Tag = void> class ListNode {
public:
  constexpr ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;

  [[nodiscard]] bool is_linked() const { return next_ != nullptr; }

  /// Leaves the list; nothing happens when it is in none.
  void unlink() {
    if (next_ == nullptr) {
      return;
    }
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = nullptr;
    previous_ = nullptr;
  }

private:
  template <class T, class U> friend class IntrusiveList;
  ListNode* next_ = nullptr;
  ListNode* previous_ = nullptr;
};

/// A list of T, where T derives from ListNode<Tag>. Owns nothing. Not synchronised.
template <class T, class Tag = void> class IntrusiveList {
public:
  using Node = ListNode<Tag>;

  class Iterator {
  public:
    explicit Iterator(Node* node) : node_(node) {}
    T& operator*() const { return static_cast<T&>(*node_); }
    T* operator->() const { return static_cast<T*>(node_); }
    Iterator& operator++() {
      node_ = node_->next_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

  private:
    Node* node_;
  };

  constexpr IntrusiveList() = default;
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;

  [[nodiscard]] bool empty() const { return head_.next_ == nullptr || head_.next_ == &head_; }

  void push_back(T& element) { insert_before(head(), element); }
  void push_front(T& element) { insert_before(*head().next_, element); }
  /// Puts `element` before `position`, which is in this list.
  void insert(T& position, T& element) { insert_before(static_cast<Node&>(position), element); }

  /// The first element, or null.
  [[nodiscard]] T* front() const { return empty() ? nullptr : static_cast<T*>(head_.next_); }
  /// The last element, or null.
  [[nodiscard]] T* back() const { return empty() ? nullptr : static_cast<T*>(head_.previous_); }

  /// Removes and returns the first element, or null.
  T* pop_front() {
    T* element = front();
    if (element != nullptr) {
      static_cast<Node*>(element)->unlink();
    }
    return element;
  }

  [[nodiscard]] Iterator begin() { return Iterator(head().next_); }
  [[nodiscard]] Iterator end() { return Iterator(&head()); }

private:
  // The ring is closed on first use, so that an empty list is all zeros and needs no constructor.
  Node& head() {
    if (head_.next_ == nullptr) {
      head_.next_ = &head_;
      head_.previous_ = &head_;
    }
    return head_;
  }

  static void insert_before(Node& position, T& element) {
    Node& node = element;
    node.next_ = &position;
    node.previous_ = position.previous_;
    position.previous_->next_ = &node;
    position.previous_ = &node;
  }

  Node head_;
};

} // namespace skerry
